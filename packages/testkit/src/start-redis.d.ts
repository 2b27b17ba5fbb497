import { type Service } from "./loopback-container.ts";
export declare const redisImage: () => string;
export interface RedisServer extends Omit<Service, "run"> {
    /** As the administrator `control`; the default user is off. */
    url: string;
    /** The unix socket that agents use. */
    socketPath: string;
    /** Runs redis-cli as the administrator inside the container. */
    command(...words: string[]): Promise<string>;
}
/** Starts a Redis 8 of its own, published on 127.0.0.1 and on a unix socket in a temporary folder. */
export declare function startRedis(): Promise<RedisServer>;
