#!/usr/bin/env node
// The bin. Owns one thing: getting cli/main.ts to run on a Node that can run it. It is plain JavaScript in old syntax,
// so that an old Node can read it far enough to say what is wrong. Of the command line it looks at the first word only.
// In a bundle (rolldown.config.ts) it stands in one file with everything it loads.
//
// Which Node runs the program:
//   1. the running one, when it is 22.12 or newer and strips TypeScript types by itself;
//   2. else the platform Node installed under node_modules (an optional dependency), as a child process;
//   3. else the running one again with --experimental-strip-types, when it is 22.12 or newer;
//   4. else one line on stderr saying what to install, and exit code 69 (EX_UNAVAILABLE).
//
// A command that runs a node is started anew, in the same process, with a heap that fits this machine's memory
// (node/machine.ts), unless the operator chose one. Where a process cannot be replaced (Windows, Node before 22.15) it
// runs with V8's own choice.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import * as nodeModule from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const running = process.versions.node.split(".").map(Number);

/** Whether the running Node is at least the given version. */
function atLeast(major, minor) {
  return running[0] > major || (running[0] === major && running[1] >= minor);
}

/** The Node binary of this platform's optional dependency, or undefined when it is not installed. */
function bundledNode() {
  const name =
    process.platform === "darwin"
      ? `node-bin-darwin-${process.arch}`
      : process.platform === "win32"
        ? `node-bin-win-${process.arch}`
        : `node-${process.platform}-${process.arch}`;
  const file = join(root, "node_modules", name, "bin", process.platform === "win32" ? "node.exe" : "node");
  return existsSync(file) ? file : undefined;
}

/** Runs this file again on another Node and ends as it ends: same exit code, same signal. */
function runOn(file, flags) {
  const environment = Object.assign({}, process.env, { TRIBUTARYD_RELAUNCHED: "1" });
  const child = spawn(file, flags.concat([fileURLToPath(import.meta.url)], process.argv.slice(2)), {
    stdio: "inherit",
    env: environment,
  });
  // The terminal sends Ctrl-C to both processes; a supervisor's SIGTERM reaches only this one, so it is passed on.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on("error", (error) => {
    process.stderr.write(`error: could not start ${file}: ${error.message}\n`);
    process.exit(69);
  });
  child.on("exit", (code, signal) => {
    if (signal) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else {
      process.exit(code === null ? 1 : code);
    }
  });
}

/** Whether this command runs a node and its heap has not been sized yet, by this program or by the operator. */
function wantsSizing() {
  const word = process.argv.slice(2).find((one, index, all) => one[0] !== "-" && all[index - 1] !== "--home");
  const chosen = process.execArgv.concat(process.env.NODE_OPTIONS || "").join(" ");
  return (
    (word === "start" || word === "dev") &&
    typeof process.execve === "function" &&
    process.platform !== "win32" &&
    !/--(max-(old-space|semi-space|heap)-size|optimize-for-size)/.test(chosen)
  );
}

/** Replaces this process by the same command with the flags that fit this machine. Returns only when it cannot. */
async function startSized() {
  const machine = await import("../node/machine.ts");
  const flags = process.execArgv.concat(machine.nodeFlags(machine.sizingOf(machine.readMachine())));
  // glibc gives every thread a heap of its own, and each keeps what it once had: two are enough, and rest 5 MB lower.
  const environment = Object.assign({ MALLOC_ARENA_MAX: "2" }, process.env);
  process.execve(process.execPath, [process.execPath].concat(flags, process.argv.slice(1)), environment);
}

const relaunched = process.env.TRIBUTARYD_RELAUNCHED === "1";
const supported = atLeast(22, 12);
// A bundle holds compiled JavaScript and needs no type stripping; a clone runs its sources.
const isBundle = !existsSync(join(here, "main.ts"));
const runsTypeScript = isBundle || process.features?.typescript || false;
const bundled = relaunched ? undefined : bundledNode();

if (supported && runsTypeScript) {
  // Node 22.18 to 24.2 announce that type stripping is experimental; that is no news to a user of this program.
  const emitWarning = process.emitWarning;
  process.emitWarning = (warning, ...rest) => {
    const text = typeof warning === "string" ? warning : warning?.message;
    if (typeof text === "string" && text.indexOf("Type Stripping") !== -1) return;
    emitWarning.call(process, warning, ...rest);
  };
  delete process.env.TRIBUTARYD_RELAUNCHED;
  // Compiled code is kept between runs (in the system's temporary folder), which halves the start of every command.
  if (typeof nodeModule.enableCompileCache === "function") nodeModule.enableCompileCache();
  Promise.resolve(wantsSizing() ? startSized() : undefined)
    .then(() => import("./main.ts"))
    .then((program) => program.main(process.argv.slice(2)));
} else if (bundled !== undefined) {
  runOn(bundled, []);
} else if (supported && !relaunched) {
  runOn(process.execPath, ["--experimental-strip-types", "--disable-warning=ExperimentalWarning"]);
} else {
  process.stderr.write(
    "error: tributaryd needs Node.js 22.12 or newer and this is " +
      process.versions.node +
      (isBundle ? ": " : `: run \`npm ci\` in ${root} (it installs a suitable Node beside the program), or `) +
      "install Node 24 from https://nodejs.org. Nothing was changed.\n",
  );
  process.exit(69);
}
