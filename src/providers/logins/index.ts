import type { LoginTable } from "../../provider/login-method.ts";
import { amazonBedrockLogins } from "./amazon-bedrock.ts";
import { anthropicLogins } from "./anthropic.ts";
import { azureOpenaiLogins } from "./azure-openai.ts";
import { chutesLogins } from "./chutes.ts";
import { codexCliLogins } from "./codex-cli.ts";
import { githubCopilotLogins } from "./github-copilot.ts";
import { githubModelsLogins } from "./github-models.ts";
import { googleLogins } from "./google.ts";
import { googleVertexLogins } from "./google-vertex.ts";
import { huggingfaceLogins } from "./huggingface.ts";
import { openaiCodexLogins } from "./openai-codex.ts";
import { openrouterLogins } from "./openrouter.ts";
import { xaiLogins } from "./xai.ts";

/** The built-in ways; each file's facts carry their source and day. */
export const builtinLogins: LoginTable = new Map([
  ["amazon-bedrock", amazonBedrockLogins],
  ["anthropic", anthropicLogins],
  ["azure-openai", azureOpenaiLogins],
  ["chutes", chutesLogins],
  ["codex-cli", codexCliLogins],
  ["github-copilot", githubCopilotLogins],
  ["github-models", githubModelsLogins],
  ["google", googleLogins],
  ["google-vertex", googleVertexLogins],
  ["huggingface", huggingfaceLogins],
  ["openai-codex", openaiCodexLogins],
  ["openrouter", openrouterLogins],
  ["xai", xaiLogins],
]);
