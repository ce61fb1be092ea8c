import { defineProvider } from "../provider/provider.ts";
import { INSTALLATIONS } from "../provider/sources.ts";

export const googleGeminiCli = defineProvider({
  id: "google-gemini-cli",
  label: "Google Gemini CLI",
  aliases: ["gemini-cli"],
  protocol: "google-generate",
  baseUrl: "https://cloudcode-pa.googleapis.com",
  auth: [
    {
      kind: "oauth",
      label: "Gemini CLI login",
      env: [],
      flow: "browser",
      note: "Google forbids this login outside its own program and suspends accounts: it is recognised, and never used.",
    },
  ],
  docs: "https://github.com/google-gemini/gemini-cli",
  quirks: {},
  source: INSTALLATIONS,
});
