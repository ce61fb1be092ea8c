export interface WantedBinary {
  readonly name: string;
  readonly spec: string;
  readonly path: string;
  readonly integrity?: string;
}

export declare function fetchedBinary(wanted: WantedBinary): string;
