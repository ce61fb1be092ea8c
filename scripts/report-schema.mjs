import ts from "typescript";

/**
 * JSON Schemas (draft-07) of what the commands report, read from their types, so that neither can lag behind the other.
 * `commandsFiles` hold lists of commands: path → `{ load: () => Promise<Command<Options, Report>> }`, each entry importing its own file.
 * @returns {Map<string, object>} by path of the command
 */
export function reportSchemas(commandsFiles, tsconfig) {
  const { config } = ts.readConfigFile(tsconfig, (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: commandsFiles }, ts.sys, `${tsconfig}/..`);
  const program = ts.createProgram(commandsFiles, options);
  const checker = program.getTypeChecker();
  const found = new Map();
  for (const [path, loader] of commandsFiles.flatMap((file) => loaders(program.getSourceFile(file)))) {
    const command = checker.getTypeAtLocation(loader).getCallSignatures()[0];
    const type = reportType(checker, checker.getAwaitedType(command.getReturnType()), loader, path);
    found.set(path, { $schema: "http://json-schema.org/draft-07/schema#", title: `${path} --json`, ...schemaFor(checker, type, path) });
  }
  return found;
}

/**
 * The same of any interface: its properties' schemas, which share their definitions. Types of packages are named as well, because they may hold
 * themselves; what they say in words is left out.
 * @returns {object} the interface's own schema
 */
export function interfaceSchema(file, name, tsconfig) {
  const { config } = ts.readConfigFile(tsconfig, (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [file] }, ts.sys, `${tsconfig}/..`);
  const program = ts.createProgram([file], options);
  const checker = program.getTypeChecker();
  const declared = program.getSourceFile(file)?.statements.find((one) => ts.isInterfaceDeclaration(one) && one.name.text === name);
  if (declared === undefined) throw new Error(`${file} has no interface ${name}`);
  return schemaFor(checker, checker.getTypeAtLocation(declared), name, WITH_PACKAGES);
}

/** Whose types become definitions, and whether what is said about properties goes along. */
const OURS = { names: "ours", words: "kept" };
const WITH_PACKAGES = { names: "all", words: "left out" };

/** The `load` functions of the table, by path. */
function loaders(sourceFile) {
  const found = [];
  const visit = (node) => {
    if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) && node.name.text === "load") {
      const entry = node.parent.parent;
      found.push([entry.name.text, node.initializer]);
    }
    ts.forEachChild(node, visit);
  };
  visit(sourceFile);
  return found;
}

/** What `run` of the command gives, awaited. */
function reportType(checker, command, node, path) {
  const run = command.getProperty("run");
  const signature = run && checker.getTypeOfSymbolAtLocation(run, node).getCallSignatures()[0];
  if (signature === undefined) throw new Error(`"${path}" has no run() that could be read`);
  const returned = signature.getReturnType();
  const parts = returned.isUnion() ? returned.types : [returned];
  return checker.getAwaitedType(parts.at(-1));
}

/** Named object types become definitions, so that a reader finds the words of the code again. */
function schemaFor(checker, type, path, { names: whose, words } = OURS) {
  const definitions = {};
  const names = new Map();

  const nameOf = (inner) => {
    const symbol = inner.aliasSymbol ?? inner.symbol;
    const isNamed = symbol !== undefined && !symbol.name.startsWith("__") && (inner.aliasTypeArguments ?? []).length === 0;
    const isOurs = symbol?.declarations?.some((declaration) => !declaration.getSourceFile().isDeclarationFile) === true;
    return isNamed && (isOurs || whose === "all") ? symbol.name : undefined;
  };

  const define = (inner, name) => {
    if (!names.has(inner)) {
      const taken = new Set(names.values());
      let free = name;
      for (let n = 2; taken.has(free); n++) free = `${name}${n}`;
      names.set(inner, free);
      definitions[free] = shape(inner);
    }
    return { $ref: `#/definitions/${names.get(inner)}` };
  };

  const schema = (inner) => {
    const name = inner.flags & ts.TypeFlags.Object && !checker.isArrayType(inner) && !checker.isTupleType(inner) ? nameOf(inner) : undefined;
    return name === undefined ? shape(inner) : define(inner, name);
  };

  const shape = (inner) => {
    const { flags } = inner;
    if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return {};
    if (flags & ts.TypeFlags.StringLiteral) return { const: inner.value };
    if (flags & ts.TypeFlags.NumberLiteral) return { const: inner.value };
    if (flags & ts.TypeFlags.BooleanLiteral) return { const: checker.typeToString(inner) === "true" };
    if (flags & ts.TypeFlags.StringLike) return { type: "string" };
    if (flags & ts.TypeFlags.NumberLike) return { type: "number" };
    if (flags & ts.TypeFlags.BooleanLike) return { type: "boolean" };
    if (flags & ts.TypeFlags.Null) return { type: "null" };
    if (flags & ts.TypeFlags.NonPrimitive) return { type: "object" };
    if (inner.isUnion()) return union(inner);
    if (inner.isIntersection() && inner.types.some((part) => part.flags & ts.TypeFlags.StringLike)) return { type: "string" };
    if (checker.isArrayType(inner)) return { type: "array", items: schema(checker.getTypeArguments(inner)[0]) };
    if (checker.isTupleType(inner))
      return { type: "array", items: checker.getTypeArguments(inner).map(schema), minItems: checker.getTypeArguments(inner).length };
    if (inner.getCallSignatures().length > 0) throw new Error(`the report of "${path}" holds a function: ${checker.typeToString(inner)}`);
    return object(inner);
  };

  const union = (inner) => {
    const parts = inner.types.filter((part) => !(part.flags & ts.TypeFlags.Undefined));
    const literals = parts.filter((part) => part.isStringLiteral()).map(({ value }) => value);
    const others = parts.filter((part) => !part.isStringLiteral());
    const both = others.filter((part) => part.flags & ts.TypeFlags.BooleanLiteral).length === 2;
    const rest = both ? others.filter((part) => !(part.flags & ts.TypeFlags.BooleanLiteral)) : others;
    const schemas = [...(literals.length > 0 ? [{ enum: literals }] : []), ...(both ? [{ type: "boolean" }] : []), ...rest.map(schema)];
    return schemas.length === 1 ? schemas[0] : { anyOf: schemas };
  };

  const object = (inner) => {
    const properties = {};
    const required = [];
    for (const property of checker.getPropertiesOfType(inner)) {
      const type = checker.getTypeOfSymbol(property);
      const mayMiss = Boolean(property.flags & ts.SymbolFlags.Optional) || (type.isUnion() && type.types.some((part) => part.flags & ts.TypeFlags.Undefined));
      const description = words === "kept" ? ts.displayPartsToString(property.getDocumentationComment(checker)) : "";
      const of = schema(type);
      properties[property.name] = description === "" ? of : of.$ref === undefined ? { ...of, description } : { allOf: [of], description };
      if (!mayMiss) required.push(property.name);
    }
    const index = checker.getIndexInfoOfType(inner, ts.IndexKind.String);
    return { type: "object", properties, ...(required.length > 0 && { required }), additionalProperties: index === undefined ? false : schema(index.type) };
  };

  const top = shape(type);
  return Object.keys(definitions).length === 0 ? top : { ...top, definitions };
}
