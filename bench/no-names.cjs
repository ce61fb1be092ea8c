// Names below .example lead nowhere, without anybody being asked: what a resolver says of them differs from place to place.
const dns = require("node:dns");
const { lookup } = dns;
dns.lookup = (name, ...rest) => {
  const [options, done = options] = rest;
  if (!name.endsWith(".example")) return lookup(name, options, done);
  process.nextTick(done, Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: "ENOTFOUND", syscall: "getaddrinfo", hostname: name }));
};
