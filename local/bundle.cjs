// The commands as one file, kept beside the packages: to find, read and strip some two hundred sources takes most of the
// time of a short command. It is safe to delete.
const { createHash } = require('node:crypto')
const { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } = require('node:fs')
const { basename, join, relative } = require('node:path')

const ROOT = join(__dirname, '..')
const KEPT = join(ROOT, 'node_modules/.cache/commands')
/** Names the newest bundle, and what it was made of. */
const INDEX = join(KEPT, 'index.json')
/** What few commands call for, and late: two thirds of all that there is to read, so each has a bundle of its own. */
const APART = { 's3-client': 'lib/store/s3-client.ts', 'secrets-client': 'lib/runtime/secrets-client.ts' }
/** npm writes it anew whenever it changes a package. */
const PACKAGES = 'node_modules/.package-lock.json'
/** A bundle that this file made otherwise is another. */
const MAKER = 'local/bundle.cjs'

/**
 * The path of a bundle that is as the sources are, made now where there is none; undefined where none can be made (no
 * esbuild, no right to write, sources that are being edited): then the sources themselves run, and only the start is slower.
 */
exports.freshBundle = () => {
  try {
    return validBundle() ?? makeBundle()
  } catch {
    return undefined
  }
}

function validBundle() {
  try {
    const { file, inputs } = JSON.parse(readFileSync(INDEX, 'utf8'))
    const isValid = Object.entries(inputs).every(([path, stamp]) => stampOf(path) === stamp)
    return isValid && statSync(join(KEPT, file)).isFile() ? join(KEPT, file) : undefined
  } catch {
    return undefined
  }
}

function makeBundle() {
  const startedMs = Date.now()
  const { outputFiles, metafile } = require('esbuild').buildSync({
    absWorkingDir: ROOT,
    entryPoints: { cli: 'local/cli.ts', ...APART },
    external: Object.values(APART).map((path) => `./${path}`),
    outdir: KEPT,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    // Code that V8 made in an earlier run may not import.
    supported: { 'dynamic-import': false },
    mainFields: ['module', 'main'],
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'silent',
    metafile: true,
    write: false,
  })
  const sources = Object.keys(metafile.inputs).filter((path) => !path.startsWith('node_modules/'))
  const inputs = Object.fromEntries([...sources, PACKAGES, MAKER].map((path) => [path, stampOf(path)]))
  // What changed this very moment may have been read before the change.
  if (sources.some((path) => statSync(join(ROOT, path)).ctimeMs >= startedMs)) return undefined
  const file = keep(outputFiles.map(({ path, text }) => [basename(path, '.cjs'), inAscii(text)]))
  place('index.json', JSON.stringify({ file, inputs }))
  return join(KEPT, file)
}

/** Keeps the bundles under names that tell their content; returns that of the commands. */
function keep(bundles) {
  mkdirSync(KEPT, { recursive: true })
  const id = createHash('sha256').update(JSON.stringify(bundles)).digest('hex').slice(0, 16)
  const pathOf = (name) => `${name}-${id}.cjs`
  const named = (text) =>
    Object.entries(APART).reduce(
      (named, [name, path]) => named.replaceAll(relative(KEPT, join(ROOT, path)), `./${pathOf(name)}`),
      text,
    )
  for (const [name, text] of bundles) place(pathOf(name), named(text))
  return pathOf('cli')
}

/** Node reads a text of ASCII twice as fast as any other; what is no ASCII stands in literals alone. */
function inAscii(text) {
  return text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** Content cannot change without this; nobody can set the time of a change of status. */
function stampOf(path) {
  // Not `join`, which takes longer than the system does.
  const { size, ctimeMs } = statSync(`${ROOT}/${path}`)
  return `${size} ${ctimeMs}`
}

/** Puts a file beside the bundles, whole or not at all: other commands may be starting right now. */
exports.place = place
function place(name, content) {
  const draft = join(KEPT, `.${process.pid}-${name}`)
  writeFileSync(draft, content)
  renameSync(draft, join(KEPT, name))
}
