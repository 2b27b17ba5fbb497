export {
  type Closable,
  type ContainerSpec,
  containerName,
  type ContainerState,
  type Engine,
  engineCallMsMax,
  type Observed,
} from "./engine.ts";
export { dockerEngine } from "./docker/docker-engine.ts";
export { labels, toCreateBody } from "./docker/create-body.ts";
export { inlineEngine, type InlineOptions, type InlineProgram } from "./inline/inline-engine.ts";
