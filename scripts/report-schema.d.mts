export declare function interfaceSchema(file: string, name: string, tsconfig: string): object;
