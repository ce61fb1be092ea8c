/**
 * Who is there at the moment, in no order. For what comes and goes thousands of times a second: a Set that changes so often is copied again and again,
 * and each copy that V8 has grown fond of keeps all that was in it from being collected soon.
 */
export class Roll<T> implements Iterable<T> {
  readonly #seats: Seat<T>[] = [];

  get size(): number {
    return this.#seats.length;
  }

  /** What is given back takes it off again; once. */
  enter(one: T): () => void {
    const seat: Seat<T> = { one, at: this.#seats.length };
    this.#seats.push(seat);
    return () => this.#leave(seat);
  }

  /** Those who are there when it begins. */
  *[Symbol.iterator](): Generator<T> {
    for (const { one } of [...this.#seats]) yield one;
  }

  #leave(seat: Seat<T>): void {
    if (this.#seats[seat.at] !== seat) return;
    const last = this.#seats.pop();
    if (last === undefined || last === seat) return;
    this.#seats[seat.at] = last;
    last.at = seat.at;
  }
}

interface Seat<T> {
  readonly one: T;
  at: number;
}
