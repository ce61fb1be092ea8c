import { expect, test } from "vitest";
import { isLocal } from "../../src/provider/local-address.ts";

test.each([
  "http://127.0.0.1:11434/v1",
  "http://127.9.9.9",
  "http://127.1/v1",
  "http://[::1]:8080/v1",
  "http://[::ffff:192.168.0.7]/v1",
  "http://0.0.0.0:8000",
  "http://localhost:1234/v1",
  "http://LOCALHOST",
  "http://localhost./v1",
  "http://models.localhost/v1",
  "localhost:8080/v1",
  "https://gpu.local/v1",
  "http://10.1.2.3/v1",
  "http://172.16.0.1",
  "http://172.31.255.1",
  "http://192.168.20.14:11434/v1",
  "http://169.254.10.1",
  "http://[fd12:3456::1]/v1",
  "http://[fe80::1]/v1",
  "http://host.docker.internal:11434/v1",
])("%s is on this machine or its network", (baseUrl) => {
  expect(isLocal(baseUrl)).toBe(true);
});

test.each([
  "https://api.groq.com/openai/v1",
  "http://172.15.0.1",
  "http://172.32.0.1",
  "http://192.169.0.1",
  "http://11.0.0.1",
  "http://128.0.0.1",
  "http://[2606:4700::1111]/v1",
  "http://[::ffff:8.8.8.8]/v1",
  "http://localhost.example.com",
  "http://notlocal",
  "http://mylocal.example",
  "https://10.example.com",
  "",
  "not an address at all",
  "http://",
])("%s is not", (baseUrl) => {
  expect(isLocal(baseUrl)).toBe(false);
});
