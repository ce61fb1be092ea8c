import type { IncomingHttpHeaders } from "node:http";

export interface VendorRequest {
  readonly method: string;
  readonly path: string;
  readonly behaviour: string;
  readonly body: string;
  readonly bodyBytes: number;
  readonly headers: IncomingHttpHeaders;
}

export interface Vendor {
  readonly url: string;
  readonly tlsUrl: string;
  readonly goneUrl: string;
  readonly asked: readonly VendorRequest[];
  close(): Promise<unknown>;
}

export declare function startVendor(options?: { readonly delayMs?: number; readonly onRequest?: (request: VendorRequest) => unknown }): Promise<Vendor>;
export declare const BEHAVIOURS: Readonly<Record<string, unknown>>;
