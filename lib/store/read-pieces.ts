import { open } from 'node:fs/promises'

/** Many files may be read side by side, so that what each of them holds counts. */
const PIECE_BYTES = 1 << 16

/** The bytes of a file piece by piece, in one piece of memory: each is overwritten by the next. */
export async function* readPieces(path: string): AsyncIterable<Uint8Array> {
  const file = await open(path)
  try {
    const piece = Buffer.allocUnsafeSlow(PIECE_BYTES)
    for (;;) {
      const { bytesRead } = await file.read(piece, 0, PIECE_BYTES)
      if (bytesRead === 0) return
      yield piece.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}
