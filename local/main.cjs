// The door of every command. Old JavaScript, so that a Node that is too old gets one sentence and no stack.
require('./require-node.cjs')
if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error(
    'huawei-backup-audit runs on Node 24, but this is Node ' +
      process.versions.node +
      '. Run it through npm (npm run audit): npm ci brought a Node 24 along.',
  )
  process.exit(1)
}
// What Node makes of the sources is kept beside the packages: starting costs a third then, and it is safe to delete.
require('node:module').enableCompileCache(require('node:path').join(__dirname, '../node_modules/.cache/node'))
// An audit of seconds gains nothing from an optimizing compiler for what was not called so often (decision 20), and gives back at
// once what its heap does not need (decision 18). Not among the flags of the script: a Node that does not know them would end
// there, before it could be told that it is too old.
if (process.argv[2] === 'audit')
  for (const flag of ['--invocation-count-for-turbofan=50000', '--memory-saver-mode'])
    require('node:v8').setFlagsFromString(flag)
const bundle = require('./bundle.cjs').freshBundle()
if (bundle === undefined) void import('./cli.ts')
else require('./run-bundle.cjs').runBundle(bundle, process.argv[2])
