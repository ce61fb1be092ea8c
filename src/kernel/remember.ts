/** Makes it at the first call; a failure is not remembered. */
export function remembered<T>(make: () => T): () => T {
  let made: { readonly is: T } | undefined;
  return () => {
    made ??= { is: make() };
    return made.is;
  };
}

/** The same for each key, for ever: not for keys that come from outside. */
export function rememberedBy<K, T>(make: (key: K) => T): (key: K) => T {
  const known = new Map<K, { readonly is: T }>();
  return (key) => {
    const found = known.get(key) ?? { is: make(key) };
    known.set(key, found);
    return found.is;
  };
}
