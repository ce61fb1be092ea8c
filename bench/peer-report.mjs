/** The figures as lines: what was measured, beside its goal. */
export function peerLines(figures, peer, goals) {
  const { rate, ratio, memoryMb: memory, fallback } = figures;
  const lines = [];
  const line = (name, ...cells) => lines.push(`${name.padEnd(32)}${cells.map((cell) => String(cell).padStart(28)).join("")}`);
  const whole = (of) => ["bare", "gateway", "peer"].map((name) => Math.round(of[name]));
  line("", "bare proxy", "this gateway", `${peer.name} ${peer.version}`);
  line("requests/s, 64 at once", ...whole(rate));
  line("  over the bare proxy", "1", `${ratio.gatewayOverBare.toFixed(2)} (>= ${goals.overBare})`, ratio.peerOverBare.toFixed(3));
  line("  over the peer", "", `${ratio.gatewayOverPeer.toFixed(1)} (>= ${goals.overPeer})`, "1");
  line("processor µs a request", ...whole(figures.processorUs));
  line("MB, idle", ...whole(memory.idle));
  line("MB, after the load", ...whole(memory.loaded));
  const ms = (took) => (typeof took === "number" ? `${took.toFixed(0)} ms` : took);
  for (const [fault, { gateway, peer }] of Object.entries(fallback)) line(`until another answers: ${fault}`, "", ms(gateway), ms(peer));
  return lines.join("\n");
}
