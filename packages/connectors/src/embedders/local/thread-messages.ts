export interface ToThread {
  id: number;
  texts: string[];
}

export type FromThread = { id: number; vectors: Float32Array[] } | { id: number; error: string };
