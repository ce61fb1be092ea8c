import type { Style } from "../../../style.ts";

export interface LeftPlaces {
  /** The id that is gone. */
  readonly id: string;
  /** Key paths of the config. */
  readonly byHand: readonly string[];
  readonly ordersOfOtherAgents: readonly { readonly agentId: string; readonly provider: string }[];
}

/** What still names an account that has another id now, or none, and what to do about it. */
export function leftPlaces({ id, byHand, ordersOfOtherAgents }: LeftPlaces, style: Style): string[] {
  return [
    ...byHand.map((path) => `${style.warn("!")} ${path} names it with a variable; change it by hand.`),
    ...ordersOfOtherAgents.flatMap(({ agentId, provider }) => [
      `${style.warn("!")} The order of agent ${agentId} for ${provider} still lists ${id}.`,
      `  ${style.accent("→")} ${style.cli} models auth order set --agent ${agentId} --provider ${provider} …`,
    ]),
  ];
}
