import type { Socket } from "node:net";

/** The connections of a server's clients: no more than `most` of them. */
export interface Crowd {
  enter(socket: Socket): void;
  /** A whole request has come in over it. */
  begin(socket: Socket): void;
  /** And has been answered. */
  end(socket: Socket): void;
}

/**
 * Where one more comes than there is room for, one that has not yet said a whole request makes room, the longest open first; else one that waits
 * between two requests; else the new one goes. So that no number of connections that dawdle keeps out who has something to ask.
 */
export function createCrowd(most: number): Crowd {
  const all = new Set<Socket>();
  // Sets give back in the order in which was put in.
  const silent = new Set<Socket>();
  const idle = new Set<Socket>();
  const busy = new Map<Socket, number>();
  const forget = (socket: Socket): void => {
    for (const set of [all, silent, idle, busy]) set.delete(socket);
  };
  return {
    enter: (socket) => {
      all.add(socket);
      silent.add(socket);
      socket.once("close", () => forget(socket));
      if (all.size <= most) return;
      const [first = socket] = silent.size > 1 ? silent : idle;
      forget(first);
      first.destroy();
    },
    begin: (socket) => {
      silent.delete(socket);
      idle.delete(socket);
      busy.set(socket, (busy.get(socket) ?? 0) + 1);
    },
    end: (socket) => {
      const left = (busy.get(socket) ?? 0) - 1;
      if (left > 0) busy.set(socket, left);
      else if (busy.delete(socket)) idle.add(socket);
    },
  };
}
