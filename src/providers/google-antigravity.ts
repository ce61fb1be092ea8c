import { defineProvider } from "../provider/provider.ts";
import { INSTALLATIONS } from "../provider/sources.ts";

export const googleAntigravity = defineProvider({
  id: "google-antigravity",
  label: "Google Antigravity",
  aliases: ["antigravity"],
  protocol: "google-generate",
  baseUrl: "https://cloudcode-pa.googleapis.com",
  auth: [
    {
      kind: "oauth",
      label: "Antigravity login",
      env: [],
      flow: "browser",
      note: "Google forbids this login outside its own program and suspends accounts: it is recognised, and never used.",
    },
  ],
  docs: "https://antigravity.google/docs",
  quirks: {},
  source: INSTALLATIONS,
});
