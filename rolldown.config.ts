// How `npm run bundle` makes the program one file: dist/tributaryd.mjs, with every package it needs, its worker threads,
// its page and its data files inside. Beside it lie the native builds of LevelDB, which cannot be inside a file.
// docs/decisions/014-one-bundled-file.md says why it is so.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { defineConfig, type Plugin } from "rolldown";
import { readStaticFiles } from "./node/rest/static-files.ts";

const root = import.meta.dirname;
const { name, version, description, license, engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const level = join(root, "node_modules/classic-level");

/** Worker threads by the name of their file: `verify-worker` is node/mempool/verify-worker.ts. */
const workers = new Map(
  readdirSync(join(root, "node"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith("-worker.ts"))
    .map((path) => [path.split(/[\\/]/).at(-1)!.replace(/\.ts$/, ""), join(root, "node", path)]),
);

/** A thread is the same file again, told by its argument which part of it to run. */
const entry: Plugin = {
  name: "entry",
  resolveId: (id) => (id === "tributaryd" ? "\0tributaryd" : undefined),
  load(id) {
    if (id !== "\0tributaryd") return undefined;
    const threads = [...workers].map(
      ([thread, path]) => `${JSON.stringify(thread)}: () => import(${JSON.stringify(path)})`,
    );
    return `
      import { isMainThread } from "node:worker_threads";
      const threads = { ${threads.join(", ")} };
      if (isMainThread) import(${JSON.stringify(join(root, "cli/tributaryd.mjs"))});
      else threads[process.argv[2]]();`;
  },
};

/** Files that the sources read from beside themselves are put where they are read. */
const insides: Plugin = {
  name: "insides",
  transform(code, id) {
    if (id.startsWith("\0") || id.includes("node_modules") || !code.includes("import.meta.url")) return undefined;
    const beside = (path: string): string => resolve(dirname(id), path);
    const changed = code
      .replace(/readFileSync\(new URL\("([^"]+)", import\.meta\.url\), "utf8"\)/g, (_all, path: string) =>
        JSON.stringify(readFileSync(beside(path), "utf8")),
      )
      .replace(/readStaticFiles\(fileURLToPath\(new URL\("([^"]+)", import\.meta\.url\)\)\)/g, (_all, path: string) => {
        const files = [...readStaticFiles(beside(path))].map(
          ([url, { contentType, bytes }]) =>
            `[${JSON.stringify(url)}, { contentType: ${JSON.stringify(contentType)}, bytes: Buffer.from(${JSON.stringify(Buffer.from(bytes).toString("base64"))}, "base64") }]`,
        );
        return `new Map([${files.join(",")}])`;
      })
      .replace(
        /new Worker\(new URL\("\.\/([a-z-]+)\.ts", import\.meta\.url\)(?:(\))|, \{)/g,
        (_all, thread: string, close: string | undefined) => {
          if (!workers.has(thread)) throw new Error(`${id} starts ${thread}.ts, which is no *-worker.ts under node/`);
          const begin = `new Worker(new URL(import.meta.url), { argv: [${JSON.stringify(thread)}],`;
          return close === undefined ? begin : `${begin} })`;
        },
      );
    // The launcher asks where it lies, which is right in the bundle too.
    const left = changed.match(/new URL\("[^)]*import\.meta\.url\)/g) ?? [];
    if (left.length > 0)
      throw new Error(`${relative(root, id)} reads from beside itself in a way the bundle cannot follow: ${left[0]}`);
    return { code: changed };
  },
};

/** LevelDB's native builds, one a platform; node-gyp-build looks for them in prebuilds/ beside the file it is in. */
const native: Plugin = {
  name: "native",
  generateBundle() {
    for (const platform of readdirSync(join(level, "prebuilds"))) {
      for (const file of readdirSync(join(level, "prebuilds", platform))) {
        const source = readFileSync(join(level, "prebuilds", platform, file));
        this.emitFile({ type: "asset", fileName: `prebuilds/${platform}/${file}`, source });
      }
    }
    this.emitFile({ type: "asset", fileName: "LICENSE", source: readFileSync(join(root, "LICENSE")) });
    const manifest = {
      name,
      version,
      description,
      license,
      type: "module",
      bin: { tributaryd: "tributaryd.mjs" },
      engines,
    };
    this.emitFile({ type: "asset", fileName: "package.json", source: `${JSON.stringify(manifest, undefined, 2)}\n` });
  },
};

/**
 * V8 keeps the text of a program in memory, at one byte a character when all are Latin and at two otherwise: with the few
 * hundred others written as escapes it takes half.
 */
const ascii: Plugin = {
  name: "ascii",
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      if (chunk.type !== "chunk") continue;
      // In a raw template an escape would be six characters.
      if (/String\.raw`[^`]*[^\0-\x7f]/.test(chunk.code)) throw new Error("a raw template holds what must be escaped");
      chunk.code = chunk.code.replace(/[^\0-\x7f]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
    }
  },
};

export default defineConfig({
  input: { tributaryd: "tributaryd" },
  platform: "node",
  plugins: [entry, insides, native, ascii],
  // CommonJS packages ask where they lie: LevelDB's to find its native build.
  transform: { define: { __dirname: "import.meta.dirname", __filename: "import.meta.filename" } },
  output: {
    dir: join(root, "dist"),
    cleanDir: true,
    entryFileNames: "[name].mjs",
    format: "esm",
    codeSplitting: false,
    // Modules run when they are first needed and in their own order, as they do unbundled.
    strictExecutionOrder: true,
    // Names stay: a stack trace from the field must say where it happened.
    minify: { compress: true, mangle: { keepNames: true }, codegen: { removeWhitespace: true } },
    banner: "#!/usr/bin/env node",
  },
});
