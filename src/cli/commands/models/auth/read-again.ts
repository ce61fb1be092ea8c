import { type Broker, openBroker } from "../../../../broker.ts";

/** The same installation for the same agent, read anew: for what a command says after it wrote. */
export async function readAgain({ host, names, agents }: Broker): Promise<Broker> {
  const { chosen, chosenBy } = agents();
  return openBroker({ host, names, agent: chosenBy === "flag" ? chosen.id : undefined, rooms: ["credentials"] });
}
