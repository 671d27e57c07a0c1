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
void import('./cli.ts')
