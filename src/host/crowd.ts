import type { Socket } from "node:net";

/** The connections of a server's clients: no more than `most` of them. */
export interface Crowd {
  enter(socket: Socket): void;
  /** A whole request has come in over it. */
  begin(socket: Socket): void;
  /** And has been answered. */
  end(socket: Socket): void;
}

interface Member {
  readonly socket: Socket;
  /** Requests that are being answered. */
  running: number;
  /** When the last of them was answered, counted in answers; undefined while none was. */
  restsSince: number | undefined;
}

/**
 * Where one more comes than there is room for, one that has not yet said a whole request makes room, the longest open first; else one that waits
 * between two requests; else the new one goes. So that no number of connections that dawdle keeps out who has something to ask.
 */
export function createCrowd(most: number): Crowd {
  // In the order in which they came. Nothing is put in or taken out for a request: see `Roll`.
  const members = new Map<Socket, Member>();
  let answers = 0;
  const makeRoom = (newest: Member): void => {
    const idle = [...members.values()].filter(({ running }) => running === 0);
    const [first = newest, second] = idle.filter(({ restsSince }) => restsSince === undefined);
    const rested = idle.filter(({ restsSince }) => restsSince !== undefined);
    const { socket } = second === undefined ? rested.reduce(longer, first) : first;
    members.delete(socket);
    socket.destroy();
  };
  return {
    enter: (socket) => {
      const member: Member = { socket, running: 0, restsSince: undefined };
      members.set(socket, member);
      socket.once("close", () => members.delete(socket));
      if (members.size > most) makeRoom(member);
    },
    begin: (socket) => {
      const member = members.get(socket);
      if (member !== undefined) member.running++;
    },
    end: (socket) => {
      const member = members.get(socket);
      if (member === undefined || member.running === 0) return;
      member.running--;
      if (member.running === 0) member.restsSince = ++answers;
    },
  };
}

/** Who rests longer; one that has rested at all before one that has not. */
function longer(one: Member, other: Member): Member {
  return one.restsSince === undefined || (other.restsSince !== undefined && other.restsSince < one.restsSince) ? other : one;
}
