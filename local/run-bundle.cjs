// Runs a bundle with what V8 made of its functions in an earlier run. Node keeps what V8 made of a file before it ran, and compiles
// nearly every function again as it is called for the first time: a sixth of a short command, and some 1500 functions of an audit.
const { readFileSync } = require('node:fs')
const { createRequire, wrap } = require('node:module')
const { basename, dirname } = require('node:path')
const { cachedDataVersionTag } = require('node:v8')
const { Script } = require('node:vm')
const { crc32 } = require('node:zlib')
const { place } = require('./bundle.cjs')

/** Before the code its checksum, as V8 believes what it is given, and how many ms of CPU the run took that it was kept after. */
const HEADER_BYTES = 8
/** A run that took so many times as much called functions that the one before never did. */
const MUCH_MORE = 2

/** There is no such command, or it was called wrongly. */
const USAGE = 2

/** Runs the bundle at this path; what it compiles is kept for the next time that this command runs on this V8 with these flags. */
exports.runBundle = (path, command) => {
  const keptAt = path.replace(/\.cjs$/, `.${command}.${cachedDataVersionTag().toString(16)}.code`)
  const kept = read(keptAt)
  const script = new Script(wrap(readFileSync(path, 'latin1')), { filename: path, cachedData: kept.code })
  const keptCpuMs = script.cachedDataRejected === false ? kept.cpuMs : 0
  process.on('exit', (code) => {
    const { user, system } = process.cpuUsage()
    const cpuMs = Math.ceil((user + system) / 1000)
    if (code !== USAGE && cpuMs > MUCH_MORE * keptCpuMs) keep(keptAt, script.createCachedData(), cpuMs)
  })
  const module = { exports: {} }
  script.runInThisContext()(module.exports, createRequire(path), module, path, dirname(path))
}

function read(path) {
  try {
    const bytes = readFileSync(path)
    const code = bytes.subarray(HEADER_BYTES)
    return crc32(code) === bytes.readUInt32LE(0) ? { code, cpuMs: bytes.readUInt32LE(4) } : {}
  } catch {
    return {}
  }
}

function keep(path, code, cpuMs) {
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeUInt32LE(crc32(code), 0)
  header.writeUInt32LE(cpuMs, 4)
  try {
    place(basename(path), Buffer.concat([header, code]))
  } catch {
    // Then the next command compiles its functions itself.
  }
}
