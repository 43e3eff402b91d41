/**
 * The import rules of ARCHITECTURE.md, as data: layers point down only, chain/consensus is alone, modules are private, packages are few.
 * test/architecture/imports.test.ts runs them over the tree and over a planted violation of each kind.
 */

/** A layer's folders and everything that it must not reach. */
const upward = [
  ["proto", "^(chain|modules|genesis|node|cli|attribution|client|test)/"],
  ["chain", "^(modules|genesis|node|cli|attribution|client|test)/"],
  ["modules", "^(genesis|node|cli|attribution|client|test)/"],
  ["genesis", "^(node|cli|attribution|client|test)/"],
  ["node", "^(cli|attribution|client|test)/"],
  ["cli", "^test/"],
  ["attribution", "^(genesis|node|cli|test)/"],
  ["client", "^(modules|genesis|node|cli|attribution|test)/"],
].map(([layer, forbidden]) => ({
  name: `no-upward-import-from-${layer}`,
  severity: "error",
  from: { path: `^${layer}/` },
  to: { path: forbidden },
}));

/** Inside chain/, too, imports only point down: types, store, module, app; consensus and light stand beside them. */
const insideChain = [
  ["types", "^chain/(store|module|app|consensus|light)/"],
  ["store", "^chain/(module|app|consensus|light)/"],
  ["module", "^chain/(app|consensus|light)/"],
  ["app", "^chain/(consensus|light)/"],
  ["consensus", "^chain/(store|module|app|light)/"],
  ["light", "^chain/(store/(?!proof)|module|app|consensus)"],
].map(([room, forbidden]) => ({
  name: `chain-${room}-stays-below`,
  severity: "error",
  from: { path: `^chain/${room}/` },
  to: { path: forbidden },
}));

export default {
  forbidden: [
    ...upward,
    ...insideChain,
    {
      name: "client-imports-little",
      comment: "client/ runs in browsers: proto, chain/types, chain/light and the proof verifier only.",
      severity: "error",
      from: { path: "^client/" },
      to: { path: "^chain/(?!types/|light/|store/proof)" },
    },
    {
      name: "no-cycle",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "module-privacy",
      comment: "A module sees another module's keeper.ts and hooks.ts, nothing else.",
      severity: "error",
      from: { path: "^modules/([^/]+)/" },
      to: { path: "^modules/[^/]+/", pathNot: ["^modules/$1/", "^modules/[^/]+/keeper", "^modules/[^/]+/hooks[.]ts$"] },
    },
    {
      name: "module-neighbours-as-types",
      comment: "A neighbour's keeper is handed in by modules/app.ts; a module imports only its type.",
      severity: "error",
      from: { path: "^modules/([^/]+)/" },
      to: { path: "^modules/[^/]+/", pathNot: "^modules/$1/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "core-package-allow-list",
      comment:
        "The deterministic core uses noble for hashing and curves, scure for bech32, and protobufjs behind the codec.",
      severity: "error",
      from: { path: "^(proto|chain|modules)/", pathNot: "^proto/generate/" },
      to: {
        dependencyTypes: [
          "npm",
          "npm-dev",
          "npm-optional",
          "npm-peer",
          "npm-no-pkg",
          "core",
          "unknown",
          "undetermined",
        ],
        pathNot: "^node_modules/(@noble/(hashes|curves)|@scure/base|protobufjs)/",
      },
    },
    {
      name: "protobufjs-behind-one-door",
      severity: "error",
      from: { pathNot: "^(proto/codec[.]ts$|node_modules/)" },
      to: { path: "^node_modules/protobufjs/" },
    },
    {
      name: "no-dev-dependency-in-product",
      severity: "error",
      from: { path: "^(proto|chain|modules|genesis|node|cli|attribution|client)/", pathNot: "^proto/generate/" },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"], dependencyTypesNot: ["type-only"] },
    },
    { name: "no-unresolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(test|web|docs)/" },
    preserveSymlinks: true,
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "default"] },
  },
};
