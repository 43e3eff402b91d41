/**
 * Owns the methods that ask the application: abci_info and abci_query.
 */

import type { RpcEnvironment } from "../environment.ts";
import { type Method, method } from "../method.ts";
import { renderInfo, renderQuery } from "../render.ts";
import { blockProtocol, cometVersion, peerProtocol } from "../versions.ts";

/** What they ask waits for its turn by itself. */
const inTurn = { immediate: true };

/** The methods of this file, on a node. */
export function applicationMethods(environment: RpcEnvironment): readonly Method[] {
  const info = { version: cometVersion, blockVersion: blockProtocol, p2pVersion: peerProtocol, abciVersion: "2.0.0" };
  return [
    method("abci_info", {}, async () => ({ response: renderInfo(await environment.application.info(info)) }), inTurn),
    method(
      "abci_query",
      { path: "string", data: "hexBytes", height: "int64", prove: "boolean" },
      async (request) => ({ response: renderQuery(await environment.application.query(request)) }),
      inTurn,
    ),
  ];
}
