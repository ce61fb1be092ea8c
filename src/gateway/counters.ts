/** Metrics as OpenMetrics text: counters, gauges and two histograms. Label values come from short lists of our own, except for model names. */
export interface Counters {
  add(name: CounterName, labels: Labels, by?: number): void;
  observe(name: HistogramName, labels: Labels, seconds: number): void;
  text(gauges: Readonly<Record<string, number>>): string;
}

export type Labels = Readonly<Record<string, string>>;

const COUNTERS = {
  requests: "Requests, by path, status and what became of them.",
  attempts: "Attempts at vendors, by model and how they ended: answered, repaired (asked again in another way), or the reason.",
  tokens: "Tokens that vendors counted, by model and kind.",
  cost_usd: "US dollars by the prices that are stated, by model.",
  dropped_events: "Events of streams that could not be read and were left out.",
} as const;
const HISTOGRAMS = {
  first_content_seconds: "From the request to the first content.",
  request_seconds: "From the request to the answer's end.",
} as const;

export type CounterName = keyof typeof COUNTERS;
export type HistogramName = keyof typeof HISTOGRAMS;

const BUCKETS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
/** Clients name models: more series than this are one. */
const MOST_SERIES = 2000;
const PREFIX = "signalbox_gateway";

interface Histogram {
  readonly counts: number[];
  sum: number;
  count: number;
}

export function createCounters(): Counters {
  const counters = new Map<string, { readonly name: CounterName; readonly labels: string; value: number }>();
  const histograms = new Map<string, Histogram & { readonly name: HistogramName; readonly labels: string }>();
  return {
    add: (name, labels, by = 1) => {
      const key = keyOf(name, labels);
      const known = counters.get(key) ?? (counters.size < MOST_SERIES ? undefined : counters.get(name));
      if (known !== undefined) known.value += by;
      else if (counters.size < MOST_SERIES) counters.set(key, { name, labels: labelText(labels), value: by });
      else counters.set(name, { name, labels: "", value: by });
    },
    observe: (name, labels, seconds) => {
      const key = keyOf(name, labels);
      let known = histograms.get(key);
      if (known === undefined) {
        known = { name, labels: labelText(labels), counts: BUCKETS.map(() => 0), sum: 0, count: 0 };
        histograms.set(key, known);
      }
      const { counts } = known;
      for (let i = BUCKETS.length - 1; i >= 0 && seconds <= (BUCKETS[i] ?? 0); i--) counts[i] = (counts[i] ?? 0) + 1;
      known.sum += seconds;
      known.count++;
    },
    text: (gauges) => {
      const lines: string[] = [];
      for (const [name, value] of Object.entries(gauges)) lines.push(`# TYPE ${PREFIX}_${name} gauge`, `${PREFIX}_${name} ${value}`);
      for (const [name, help] of Object.entries(COUNTERS)) {
        lines.push(`# TYPE ${PREFIX}_${name} counter`, `# HELP ${PREFIX}_${name} ${help}`);
        for (const row of counters.values()) if (row.name === name) lines.push(`${PREFIX}_${name}_total${braced(row.labels)} ${row.value}`);
      }
      for (const [name, help] of Object.entries(HISTOGRAMS)) {
        lines.push(`# TYPE ${PREFIX}_${name} histogram`, `# HELP ${PREFIX}_${name} ${help}`);
        for (const row of histograms.values()) if (row.name === name) lines.push(...histogramLines(name, row));
      }
      return `${lines.join("\n")}\n# EOF\n`;
    },
  };
}

function histogramLines(name: string, { labels, counts, sum, count }: Histogram & { readonly labels: string }): string[] {
  const also = labels === "" ? "" : `${labels},`;
  return [
    ...BUCKETS.map((limit, i) => `${PREFIX}_${name}_bucket{${also}le="${limit}"} ${counts[i] ?? 0}`),
    `${PREFIX}_${name}_bucket{${also}le="+Inf"} ${count}`,
    `${PREFIX}_${name}_sum${braced(labels)} ${sum}`,
    `${PREFIX}_${name}_count${braced(labels)} ${count}`,
  ];
}

/** As cheap as can be: it is asked for several times a request. */
function keyOf(name: string, labels: Labels): string {
  let key = name;
  for (const label in labels) key += `\n${labels[label]}`;
  return key;
}

function labelText(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value.slice(0, 200).replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`)
    .join(",");
}

function braced(labels: string): string {
  return labels === "" ? "" : `{${labels}}`;
}
