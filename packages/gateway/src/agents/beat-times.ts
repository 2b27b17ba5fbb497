/** How often an agent at work says that it lives; heads do always, for a lost lead is missed sooner. */
export const heartbeatMs = 5_000;
/**
 * The same of who does nothing. Silence of 45 seconds counts as hung: one beat may be lost in a gateway that hangs (ten seconds, and one
 * until the next try), and be gathered with others for three.
 */
export const restBeatMs = 25_000;
