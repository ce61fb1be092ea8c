import type { Provider } from "../provider/provider.ts";
import { type VendorTable, vendorTable } from "../provider/vendor-table.ts";
import { ai21 } from "./ai21.ts";
import { alibaba } from "./alibaba.ts";
import { alibabaCodingPlan } from "./alibaba-coding-plan.ts";
import { amazonBedrock } from "./amazon-bedrock.ts";
import { anthropic } from "./anthropic.ts";
import { arcee } from "./arcee.ts";
import { azureOpenai } from "./azure-openai.ts";
import { baseten } from "./baseten.ts";
import { berget } from "./berget.ts";
import { cerebras } from "./cerebras.ts";
import { chutes } from "./chutes.ts";
import { claudeCli } from "./claude-cli.ts";
import { cloudflareAiGateway } from "./cloudflare-ai-gateway.ts";
import { cloudflareWorkersAi } from "./cloudflare-workers-ai.ts";
import { codexCli } from "./codex-cli.ts";
import { cohere } from "./cohere.ts";
import { copilotProxy } from "./copilot-proxy.ts";
import { cortecs } from "./cortecs.ts";
import { deepgram } from "./deepgram.ts";
import { deepinfra } from "./deepinfra.ts";
import { deepseek } from "./deepseek.ts";
import { digitalocean } from "./digitalocean.ts";
import { fireworks } from "./fireworks.ts";
import { friendli } from "./friendli.ts";
import { githubCopilot } from "./github-copilot.ts";
import { githubModels } from "./github-models.ts";
import { google } from "./google.ts";
import { googleAntigravity } from "./google-antigravity.ts";
import { googleGeminiCli } from "./google-gemini-cli.ts";
import { googleVertex } from "./google-vertex.ts";
import { groq } from "./groq.ts";
import { helicone } from "./helicone.ts";
import { huggingface } from "./huggingface.ts";
import { hyperbolic } from "./hyperbolic.ts";
import { inception } from "./inception.ts";
import { inference } from "./inference.ts";
import { ioNet } from "./io-net.ts";
import { jan } from "./jan.ts";
import { kilo } from "./kilo.ts";
import { kimiCoding } from "./kimi-coding.ts";
import { litellm } from "./litellm.ts";
import { llamaCpp } from "./llama-cpp.ts";
import { llmgateway } from "./llmgateway.ts";
import { lmstudio } from "./lmstudio.ts";
import { localai } from "./localai.ts";
import { meta } from "./meta.ts";
import { minimax } from "./minimax.ts";
import { minimaxCn } from "./minimax-cn.ts";
import { minimaxPortal } from "./minimax-portal.ts";
import { mistral } from "./mistral.ts";
import { modelscope } from "./modelscope.ts";
import { moonshot } from "./moonshot.ts";
import { moonshotCn } from "./moonshot-cn.ts";
import { morph } from "./morph.ts";
import { nanoGpt } from "./nano-gpt.ts";
import { nebius } from "./nebius.ts";
import { novita } from "./novita.ts";
import { nvidia } from "./nvidia.ts";
import { ollama } from "./ollama.ts";
import { ollamaCloud } from "./ollama-cloud.ts";
import { openai } from "./openai.ts";
import { openaiCodex } from "./openai-codex.ts";
import { opencode } from "./opencode.ts";
import { opencodeGo } from "./opencode-go.ts";
import { openrouter } from "./openrouter.ts";
import { ovhcloud } from "./ovhcloud.ts";
import { perplexity } from "./perplexity.ts";
import { poe } from "./poe.ts";
import { poolside } from "./poolside.ts";
import { qianfan } from "./qianfan.ts";
import { qwenPortal } from "./qwen-portal.ts";
import { requesty } from "./requesty.ts";
import { sambanova } from "./sambanova.ts";
import { scaleway } from "./scaleway.ts";
import { sglang } from "./sglang.ts";
import { siliconflow } from "./siliconflow.ts";
import { siliconflowCn } from "./siliconflow-cn.ts";
import { stackit } from "./stackit.ts";
import { stepfun } from "./stepfun.ts";
import { synthetic } from "./synthetic.ts";
import { tinfoil } from "./tinfoil.ts";
import { together } from "./together.ts";
import { upstage } from "./upstage.ts";
import { v0 } from "./v0.ts";
import { venice } from "./venice.ts";
import { vercelAiGateway } from "./vercel-ai-gateway.ts";
import { vllm } from "./vllm.ts";
import { volcengine } from "./volcengine.ts";
import { voyage } from "./voyage.ts";
import { vultr } from "./vultr.ts";
import { wandb } from "./wandb.ts";
import { xai } from "./xai.ts";
import { xiaomi } from "./xiaomi.ts";
import { zai } from "./zai.ts";
import { zenmux } from "./zenmux.ts";
import { zhipuai } from "./zhipuai.ts";

/** Every vendor that we know, by id. A list and nothing more. */
export const builtinProviders: readonly Provider[] = [
  ai21,
  alibaba,
  alibabaCodingPlan,
  amazonBedrock,
  anthropic,
  arcee,
  azureOpenai,
  baseten,
  berget,
  cerebras,
  chutes,
  claudeCli,
  cloudflareAiGateway,
  cloudflareWorkersAi,
  codexCli,
  cohere,
  copilotProxy,
  cortecs,
  deepgram,
  deepinfra,
  deepseek,
  digitalocean,
  fireworks,
  friendli,
  githubCopilot,
  githubModels,
  google,
  googleAntigravity,
  googleGeminiCli,
  googleVertex,
  groq,
  helicone,
  huggingface,
  hyperbolic,
  inception,
  inference,
  ioNet,
  jan,
  kilo,
  kimiCoding,
  litellm,
  llamaCpp,
  llmgateway,
  lmstudio,
  localai,
  meta,
  minimax,
  minimaxCn,
  minimaxPortal,
  mistral,
  modelscope,
  moonshot,
  moonshotCn,
  morph,
  nanoGpt,
  nebius,
  novita,
  nvidia,
  ollama,
  ollamaCloud,
  openai,
  openaiCodex,
  opencode,
  opencodeGo,
  openrouter,
  ovhcloud,
  perplexity,
  poe,
  poolside,
  qianfan,
  qwenPortal,
  requesty,
  sambanova,
  scaleway,
  sglang,
  siliconflow,
  siliconflowCn,
  stackit,
  stepfun,
  synthetic,
  tinfoil,
  together,
  upstage,
  v0,
  venice,
  vercelAiGateway,
  vllm,
  volcengine,
  voyage,
  vultr,
  wandb,
  xai,
  xiaomi,
  zai,
  zenmux,
  zhipuai,
];

/** The same, with what is asked of all of them. The build puts a file in the place of this one that is read piece by piece. */
export const builtinVendors: VendorTable = vendorTable(builtinProviders);
