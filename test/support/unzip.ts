import { inflateRawSync } from 'node:zlib'

/** A file in an archive. */
export interface ArchivedFile {
  readonly name: string
  readonly bytes: Buffer
}

const END_OF_DIRECTORY = 0x06054b50
const DEFLATED = 8

/** Reads an archive by its directory, as Lambda does; enough of the format for what we write ourselves. */
export function unzip(archive: Buffer): readonly ArchivedFile[] {
  const end = archive.lastIndexOf(Buffer.from(Uint32Array.of(END_OF_DIRECTORY).buffer))
  const files: ArchivedFile[] = []
  for (let at = archive.readUInt32LE(end + 16), left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    const method = archive.readUInt16LE(at + 10)
    const size = archive.readUInt32LE(at + 20)
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) =>
      archive.readUInt16LE(at + field),
    )
    const local = archive.readUInt32LE(at + 42)
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
    const content = archive.subarray(start, start + size)
    files.push({
      name: archive.toString('utf8', at + 46, at + 46 + (nameLength ?? 0)),
      bytes: method === DEFLATED ? inflateRawSync(content) : Buffer.from(content),
    })
    at += 46 + (nameLength ?? 0) + (extraLength ?? 0) + (commentLength ?? 0)
  }
  return files
}
