// Written in old JavaScript on purpose: it must still parse on the Node versions that it refuses.
var major = Number(process.versions.node.split('.')[0])
var onLinux = process.platform === 'linux' && (process.arch === 'x64' || process.arch === 'arm64')
var needed = onLinux ? 20 : 24
if (major < needed) {
  console.error(
    'huawei-backup-audit needs Node ' +
      needed +
      ' or newer here, but this is Node ' +
      process.versions.node +
      '.',
  )
  process.exit(1)
}
