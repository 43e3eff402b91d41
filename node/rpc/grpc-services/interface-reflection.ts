/**
 * Owns the gRPC services by which clients made at run time learn this chain's types: cosmos.base.reflection.v1beta1 (which messages implement an
 * interface) and cosmos.reflection.v1 (every file's descriptor). Does not own gRPC's own reflection (node/grpc/reflection.ts).
 */

import { GrpcError } from "../../../chain/module/errors.ts";
import { implementationsOf, interfaceNames } from "../../../proto/interfaces.ts";
import { type NodeMethod, nodeMethod } from "./service.ts";

const base = "cosmos.base.reflection.v1beta1";

/** The service whose answer is made of descriptors: the bundle holds no type of it. */
export const descriptorService = "cosmos.reflection.v1.ReflectionService";

/** The methods of this file. */
export function reflectionServices(): readonly NodeMethod[] {
  const service = `/${base}.ReflectionService`;
  return [
    nodeMethod(
      `${service}/ListAllInterfaces`,
      `${base}.ListAllInterfacesRequest`,
      `${base}.ListAllInterfacesResponse`,
      () => ({ interfaceNames: [...interfaceNames()] }),
    ),
    nodeMethod(
      `${service}/ListImplementations`,
      `${base}.ListImplementationsRequest`,
      `${base}.ListImplementationsResponse`,
      ({ interfaceName }) => {
        if (interfaceName === "") throw new GrpcError("InvalidArgument", "invalid interface name");
        return { implementationMessageNames: [...implementationsOf(interfaceName)] };
      },
    ),
    { path: `/${descriptorService}/FileDescriptors`, handle: fileDescriptors },
  ];
}

/** The field of the response and that of google.protobuf.FileDescriptorSet have one number, so the set's bytes are the response's. */
async function fileDescriptors(): Promise<Uint8Array> {
  const { fileDescriptorSetBase64 } = await import("../../../proto/reflection.gen.ts");
  return new Uint8Array(Buffer.from(fileDescriptorSetBase64, "base64"));
}
