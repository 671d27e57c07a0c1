// Loads a bundle as Lambda does, until its handler is there.
// node test/bench/client/load-handler.cjs BUNDLE
const { handler } = require(process.argv[2])
if (typeof handler !== 'function') throw new Error(`${process.argv[2]} exports no handler`)
process.stdout.write('loaded')
