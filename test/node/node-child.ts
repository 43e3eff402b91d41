// A node in a process of its own: started in the home folder named by the first argument, it writes its RPC address and
// the height it starts from, then runs until it is killed or told to stop (SIGTERM).
import { writeSync } from "node:fs";
import { startIn } from "../e2e/nodes.ts";

const node = await startIn(
  { path: process.argv[2] ?? "", remove: () => undefined },
  {
    onCommitted: ({ block, state }) => {
      const hash = Buffer.from(state.appHash).toString("hex");
      writeSync(1, `committed ${block.header.height} ${hash}\n`);
    },
  },
);
writeSync(1, `ready ${node.rpcUrl}\n`);
process.on("SIGTERM", () => void node.stop());
const reason = await node.stopped;
process.exit(reason?.exitCode ?? 0);
