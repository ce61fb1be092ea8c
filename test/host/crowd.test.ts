import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { createCrowd } from "../../src/host/crowd.ts";

/** Sockets by their names, and who was sent away. */
function rig(most: number) {
  const gone: string[] = [];
  const crowd = createCrowd(most);
  const sockets = new Map<string, Socket>();
  const of = (name: string): Socket => {
    const found = sockets.get(name);
    if (found !== undefined) return found;
    const socket = new EventEmitter() as Socket;
    socket.destroy = () => {
      gone.push(name);
      socket.emit("close");
      return socket;
    };
    sockets.set(name, socket);
    return socket;
  };
  return { crowd, of, gone, enter: (...names: string[]) => names.forEach((name) => crowd.enter(of(name))) };
}

test("as many as there is room for stay", () => {
  const { gone, enter } = rig(3);
  enter("a", "b", "c");
  expect(gone).toEqual([]);
});

test("who has said nothing makes room, the longest open first; who is being answered stays", () => {
  const { crowd, of, gone, enter } = rig(3);
  enter("a", "b", "c");
  crowd.begin(of("a"));
  enter("d", "e");
  expect(gone).toEqual(["b", "c"]);
});

test("then who waits between two requests makes room", () => {
  const { crowd, of, gone, enter } = rig(3);
  enter("a", "b", "c");
  for (const name of ["a", "b", "c"]) crowd.begin(of(name));
  crowd.end(of("b"));
  enter("d");
  expect(gone).toEqual(["b"]);
});

test("where all are being answered the new one goes", () => {
  const { crowd, of, gone, enter } = rig(2);
  enter("a", "b");
  crowd.begin(of("a"));
  crowd.begin(of("b"));
  crowd.begin(of("b"));
  crowd.end(of("b"));
  enter("c");
  expect(gone).toEqual(["c"]);
});

test("one that has left is counted no more, and its end changes nothing", () => {
  const { crowd, of, gone, enter } = rig(2);
  enter("a", "b");
  crowd.begin(of("a"));
  of("a").emit("close");
  crowd.end(of("a"));
  enter("c");
  expect(gone).toEqual([]);
  enter("d");
  expect(gone).toEqual(["b"]);
});
