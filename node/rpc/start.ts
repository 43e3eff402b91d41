/**
 * Owns putting the RPC port together: the method table, HTTP, WebSockets. Does not own any of them.
 */

import type { Dispatcher } from "./envelope.ts";
import type { RpcEnvironment } from "./environment.ts";
import { heldBytes } from "./held-bytes.ts";
import { methodTable } from "./methods/table.ts";
import { type RpcServer, type RpcServerOptions, startRpcServer } from "./server.ts";
import { webSockets } from "./web-socket.ts";

/** Binds the RPC port and serves every method of the table over POST, GET and WebSocket. */
export async function startRpc(options: RpcServerOptions, environment: RpcEnvironment): Promise<RpcServer> {
  const log = environment.log.child({ module: "rpc" });
  const dispatcher: Dispatcher = {
    methods: methodTable(environment),
    slices: environment.slices,
    onBug: (method, error) =>
      log.error(
        { method, err: error },
        "a request met a defect of this program; nothing else is affected, and this line is what to report",
      ),
  };
  const held = heldBytes();
  const upgrades = webSockets(dispatcher, environment.hub, { maximumMessageBytes: options.maximumBodyBytes, held });
  return await startRpcServer(options, dispatcher, { upgrades, held });
}
