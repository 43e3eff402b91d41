/**
 * Owns the way in for clients: what RPC, REST and gRPC see of the node, the gRPC methods the node answers itself, and the
 * three ports. Does not own the servers (rpc/, rest/, grpc/).
 */

import { fileURLToPath } from "node:url";
import { ChainApplication } from "../chain/app/application.ts";
import { AddressCodec } from "../chain/types/address.ts";
import type { CommitGate } from "./commit-gate.ts";
import type { NodeConfig } from "./config.ts";
import { grpcOptions, restOptions, rpcOptions } from "./config-options.ts";
import type { CallNeeds } from "./grpc/call.ts";
import { type GrpcNeeds, type GrpcServer, startGrpc } from "./grpc/server.ts";
import type { Application } from "./ports.ts";
import { collectRoutes } from "./rest/routes.ts";
import { type RestServer, startRest } from "./rest/server.ts";
import { readStaticFiles } from "./rest/static-files.ts";
import type { ApplicationView, RpcEnvironment } from "./rpc/environment.ts";
import { aminoTransactionServices } from "./rpc/grpc-services/amino-transactions.ts";
import { reflectionServices } from "./rpc/grpc-services/interface-reflection.ts";
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
  /** Undefined when gRPC is off. */
  readonly grpc: GrpcServer | undefined;
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
    ...aminoTransactionServices(),
    ...reflectionServices(),
    ...informationServices({ environment, config, addresses: () => addressesOf(application) }),
  ];
  const report = (error: unknown, where: string): void =>
    log.error(
      { err: error, where, module: "rpc" },
      "a query met a defect of this program; nothing else is affected, and this line is what to report",
    );
  const queries = routeQueries(services, durable, () => needs.storage.height, report);
  const calls = { isServed: servedBy(application, services), application: environment.application, log };
  const opened: { close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((port) => port.close()));
  };
  const open = async <Port extends { close(): Promise<void> }>(opening: Promise<Port>): Promise<Port> => {
    const port = await opening;
    opened.push(port);
    return port;
  };
  try {
    const rpc = await open(startRpc(rpcOptions(config), environment));
    const rest = config.apiEnabled ? await open(openRest(config, calls, environment)) : undefined;
    const grpc = config.grpcEnabled ? await open(openGrpc(config, calls)) : undefined;
    return { rpc, rest, grpc, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Whether the application's modules or the node answer the method of a path. */
function servedBy(application: Application, services: readonly NodeMethod[]): (path: string) => boolean {
  const own = new Set([...services.map(({ path }) => path), "/cosmos.tx.v1beta1.Service/Simulate"]);
  return (path) =>
    own.has(path) || (application instanceof ChainApplication && application.router.query(path) !== undefined);
}

/** REST over every service that is answered, gRPC-Web, and the page in web/. */
async function openRest(config: NodeConfig, calls: CallNeeds, { slices }: RpcEnvironment): Promise<RestServer> {
  return await startRest(restOptions(config), {
    ...calls,
    routes: collectRoutes(calls.isServed),
    slices,
    webCalls: config.grpcWebEnabled ? calls : undefined,
    files: readStaticFiles(fileURLToPath(new URL("../web/", import.meta.url))),
  });
}

/** gRPC over every service that is answered. */
async function openGrpc(config: NodeConfig, calls: CallNeeds): Promise<GrpcServer> {
  let made: ReturnType<GrpcNeeds["reflection"]> | undefined;
  const make = async () => {
    const { Reflection, reflectionPaths } = await import("./grpc/reflection.ts");
    return { paths: reflectionPaths, of: new Reflection(calls.isServed) };
  };
  const reflection = () => {
    made ??= make();
    return made;
  };
  return await startGrpc(grpcOptions(config), { ...calls, reflection });
}

/** The address codec of the chain's own application; another application's chain is shown with the default prefix. */
function addressesOf(application: Application): AddressCodec {
  return application instanceof ChainApplication ? application.addresses : new AddressCodec("trib");
}
