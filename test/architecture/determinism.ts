/**
 * Guard 2 of ARCHITECTURE.md: reads the core with TypeScript's own parser and checker and reports what the second compiler
 * program (tsconfig.core.json) cannot see. It owns the list of what the deterministic core may not contain; imports belong to imports.test.ts.
 */
import ts from "typescript";

/** One place in the core that could make two nodes disagree, or block them. */
export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
}

/** Global names whose value depends on the machine, the moment or the scheduler. */
const bannedGlobals = new Set([
  "Date",
  "Intl",
  "Promise",
  "eval",
  "Function",
  "globalThis",
  "WeakRef",
  "FinalizationRegistry",
  "performance",
  "crypto",
  "parseFloat",
  "Atomics",
  "SharedArrayBuffer",
  "Float32Array",
  "Float64Array",
]);
/** What of Math is exact on integers. */
const allowedMath = new Set(["min", "max", "imul", "clz32"]);
/** Methods whose result follows the locale, or formats a float. */
const bannedMethods = new Set([
  "localeCompare",
  "toLocaleString",
  "toLocaleLowerCase",
  "toLocaleUpperCase",
  "toFixed",
  "toPrecision",
  "toExponential",
]);

function isNumberLike(type: ts.Type): boolean {
  const parts = type.isUnion() ? type.types : [type];
  return parts.some((part) => (part.flags & (ts.TypeFlags.NumberLike | ts.TypeFlags.Any)) !== 0);
}

/** The rule that `node` breaks, or undefined. */
function brokenRule(node: ts.Node, checker: ts.TypeChecker): string | undefined {
  if (ts.isAwaitExpression(node)) return "await";
  if (ts.isForOfStatement(node) && node.awaitModifier) return "await";
  if (ts.isForInStatement(node)) return "for..in";
  if (ts.canHaveModifiers(node) && ts.getModifiers(node)?.some((m) => m.kind === ts.SyntaxKind.AsyncKeyword))
    return "async";
  if (ts.isNumericLiteral(node) && /[.]|e-/i.test(node.getText()) && !/^0x/i.test(node.getText()))
    return "float literal";
  if (ts.isBinaryExpression(node)) {
    const operator = node.operatorToken.kind;
    if (operator === ts.SyntaxKind.SlashToken || operator === ts.SyntaxKind.SlashEqualsToken)
      if (isNumberLike(checker.getTypeAtLocation(node.left))) return "number division";
  }
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    const method = node.expression.name.text;
    if ((method === "sort" || method === "toSorted") && node.arguments.length === 0) return "default sort";
  }
  if (ts.isPropertyAccessExpression(node)) {
    const name = node.name.text;
    if (bannedMethods.has(name)) return name;
    if (ts.isIdentifier(node.expression)) {
      if (node.expression.text === "Math" && !allowedMath.has(name)) return `Math.${name}`;
      if (node.expression.text === "Root" && name === "load") return "Root.load";
      if (node.expression.text === "Number" && name === "parseFloat") return "parseFloat";
    }
  }
  if (ts.isIdentifier(node) && bannedGlobals.has(node.text) && isGlobalUse(node, checker)) return node.text;
  return undefined;
}

/** True where the identifier is a use of the global, as a value or as a type, and not a property or a name declared in the tree. */
function isGlobalUse(node: ts.Identifier, checker: ts.TypeChecker): boolean {
  const parent = node.parent;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return false;
  if (
    (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isPropertyDeclaration(parent)) &&
    parent.name === node
  )
    return false;
  const declarations = checker.getSymbolAtLocation(node)?.declarations ?? [];
  return declarations.every((declaration) => declaration.getSourceFile().isDeclarationFile);
}

/** Every finding in the program's files that `include` admits, in file order. */
export function findNondeterminism(program: ts.Program, include: (file: string) => boolean): Finding[] {
  const checker = program.getTypeChecker();
  const findings: Finding[] = [];
  for (const source of program.getSourceFiles()) {
    if (source.isDeclarationFile || !include(source.fileName)) continue;
    const visit = (node: ts.Node): void => {
      const rule = brokenRule(node, checker);
      if (rule !== undefined) {
        const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
        findings.push({ file: source.fileName, line, rule });
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return findings;
}
