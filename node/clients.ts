/**
 * Owns the way in for clients: what RPC and REST see of the node, the gRPC methods the node answers itself, and the two
 * ports. Does not own the servers (rpc/, rest/).
 */

import { fileURLToPath } from "node:url";
import { ChainApplication } from "../chain/app/application.ts";
import { AddressCodec } from "../chain/types/address.ts";
import type { CommitGate } from "./commit-gate.ts";
import type { NodeConfig } from "./config.ts";
import { restOptions, rpcOptions } from "./config-options.ts";
import type { Application } from "./ports.ts";
import { collectRoutes } from "./rest/routes.ts";
import { type RestServer, startRest } from "./rest/server.ts";
import { readStaticFiles } from "./rest/static-files.ts";
import type { ApplicationView, RpcEnvironment } from "./rpc/environment.ts";
import { informationServices } from "./rpc/grpc-services/node-information.ts";
import { type NodeMethod, routeQueries } from "./rpc/grpc-services/service.ts";
import { transactionServices } from "./rpc/grpc-services/transactions.ts";
import type { RpcServer } from "./rpc/server.ts";
import { startRpc } from "./rpc/start.ts";

/** What clients are shown, without what follows from it. */
export interface ClientNeeds extends Omit<RpcEnvironment, "application" | "unsafe"> {
  readonly application: Application;
  readonly gate: CommitGate;
  readonly config: NodeConfig;
}

/** The ports, bound and serving. */
export interface ClientPorts {
  readonly rpc: RpcServer;
  /** Undefined when REST is off. */
  readonly rest: RestServer | undefined;
  close(): Promise<void>;
}

/** Binds the ports. Rejects with a ListenError, and with nothing bound, when one cannot be had. */
export async function openClientPorts(needs: ClientNeeds): Promise<ClientPorts> {
  const { application, gate, slices, config, log } = needs;
  // Slices do not run while the gate is closed; what a service asks later on waits for it by itself.
  const durable: ApplicationView = {
    info: async (request) => slices.run("queries", () => application.info(request)),
    query: async (request) => {
      if (!gate.isOpen) await gate.pass();
      return application.query(request);
    },
    checkTx: async (request) => slices.run("queries", () => application.checkTx(request)),
  };
  const environment: RpcEnvironment = {
    ...needs,
    unsafe: config.rpcUnsafe,
    application: { ...durable, query: (request) => slices.run("queries", () => queries(request)) },
  };
  const services = [
    ...transactionServices(environment),
    ...informationServices({ environment, config, addresses: () => addressesOf(application) }),
  ];
  const report = (error: unknown, where: string): void =>
    log.error(
      { err: error, where, module: "rpc" },
      "a query met a defect of this program; nothing else is affected, and this line is what to report",
    );
  const queries = routeQueries(services, durable, () => needs.storage.height, report);
  const rpc = await startRpc(rpcOptions(config), environment);
  try {
    const rest = config.apiEnabled ? await openRest(config, application, environment, services) : undefined;
    return {
      rpc,
      rest,
      close: async () => {
        await Promise.all([rpc.close(), rest?.close()]);
      },
    };
  } catch (error) {
    await rpc.close();
    throw error;
  }
}

/** REST over every service that the application's modules or the node answer, and the page in web/. */
async function openRest(
  config: NodeConfig,
  application: Application,
  environment: RpcEnvironment,
  services: readonly NodeMethod[],
): Promise<RestServer> {
  const own = new Set([...services.map(({ path }) => path), "/cosmos.tx.v1beta1.Service/Simulate"]);
  const isServed = (path: string): boolean =>
    own.has(path) || (application instanceof ChainApplication && application.router.query(path) !== undefined);
  return await startRest(restOptions(config), {
    routes: collectRoutes(isServed),
    application: environment.application,
    slices: environment.slices,
    log: environment.log,
    files: readStaticFiles(fileURLToPath(new URL("../web/", import.meta.url))),
  });
}

/** The address codec of the chain's own application; another application's chain is shown with the default prefix. */
function addressesOf(application: Application): AddressCodec {
  return application instanceof ChainApplication ? application.addresses : new AddressCodec("trib");
}
