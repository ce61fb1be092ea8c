import { get } from "node:http";

/** What a browser does with an address, where every page agrees at once: it goes from page to page. */
browse(process.argv[2]);

function browse(url) {
  get(url, ({ headers: { location } }) => location !== undefined && browse(location));
}
