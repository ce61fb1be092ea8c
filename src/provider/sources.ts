import type { Source } from "./provider.ts";

/** Published packages and pages that many vendor files were read from, each on the day of its publication. */
export const PI_AI: Source = { url: "https://www.npmjs.com/package/@earendil-works/pi-ai/v/1.5.2", checkedOn: "2026-11-10" };
export const MASTRA: Source = { url: "https://www.npmjs.com/package/@mastra/core/v/1.71.0", checkedOn: "2026-09-27" };
export const MODELS_DEV: Source = { url: "https://models.dev/api.json", checkedOn: "2026-07-02" };

/** The public code of an agent of the family: what existing installations call things, and which variable they ask first. */
export const INSTALLATIONS: Source = { url: "https://github.com/Rachasumanth/text2llm001", checkedOn: "2026-02-17" };
