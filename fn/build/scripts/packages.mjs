// Answers what a build of Node.js asks of the repository's packages, whatever tool has installed them: npm, pnpm, yarn and bun all leave
// node_modules folders in which Node.js finds a package by walking up. Usage: node packages.mjs <verb> ..., in the directory that is built.
import fs from 'node:fs';
import path from 'node:path';

const here = process.cwd();
const repository = fs.realpathSync(process.env.CODEBUILD_SRC_DIR ?? here);

function stop(sentence) {
  console.error(`\nThe build stops: ${sentence}`);
  process.exit(1);
}

function read(folder) {
  const file = path.join(folder, 'package.json');
  if (!fs.existsSync(file)) return {};
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (e) {
    return stop(`${shown(file)} is not JSON: ${e.message}`);
  }
}

// shown is a path as people know it: from the repository's root.
function shown(name) {
  return path.relative(repository, name) || 'the root of the repository';
}

// Folders of a folder that may be the repository's own packages.
function folders(folder) {
  return fs.readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !['node_modules', 'lambda-artifact', '.git'].includes(entry.name))
    .flatMap((entry) => [path.join(folder, entry.name), ...folders(path.join(folder, entry.name))]);
}

// --- Which packages there are, and where they are.

// find a package as Node.js does, from a folder up. Links are followed.
function find(name, from) {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, 'node_modules', name);
    if (fs.existsSync(candidate)) return fs.realpathSync(candidate);
    if (folder === path.dirname(folder)) return undefined;
  }
}

// isOwn tells the repository's packages from those that were installed.
function isOwn(folder) {
  return `${folder}/`.startsWith(`${repository}/`) && !folder.includes(`${path.sep}node_modules${path.sep}`);
}

// workspaces of a root: the folders that its patterns match.
function workspaces(root) {
  const patterns = patternsOf(root);
  const matches = (pattern, name) => new RegExp(`^${pattern.replace(/^\.\//, '').replace(/\/$/, '')
    .replace(/[.+^$()|[\]\\]/g, '\\$&').replace(/\*\*\/?|\*/g, (stars) => (stars === '*' ? '[^/]*' : '.*'))
    .replace(/\{([^}]*)\}/g, (_, list) => `(${list.replaceAll(',', '|')})`)}$`).test(name);
  return folders(root).filter((folder) => {
    const name = path.relative(root, folder);
    return fs.existsSync(path.join(folder, 'package.json')) && patterns.some((p) => !p.startsWith('!') && matches(p, name))
      && !patterns.some((p) => p.startsWith('!') && matches(p.slice(1), name));
  });
}

function patternsOf(root) {
  const file = path.join(root, 'pnpm-workspace.yaml');
  if (fs.existsSync(file)) {
    const [, list = ''] = fs.readFileSync(file, 'utf8').match(/^packages:[^\n]*\n((?:[ \t]*(?:-.*|#.*)?(?:\n|$))*)/m) ?? [];
    return [...list.matchAll(/^\s*-\s*(["']?)([^"'#\n]+?)\1\s*(?:#.*)?$/gm)].map((match) => match[2]);
  }
  const listed = read(root).workspaces ?? [];
  return Array.isArray(listed) ? listed : listed.packages ?? [];
}

// needs are the names that a package depends on: those that are shipped, or those of its build too.
function needs(manifest, ...more) {
  return ['dependencies', 'optionalDependencies', 'peerDependencies', ...more].flatMap((key) => Object.keys(manifest[key] ?? {}));
}

// members that are built, in the order in which they need each other: at the root all, elsewhere those that the package needs.
function members(root) {
  const ordered = [];
  const visit = (folder) => {
    if (ordered.includes(folder) || visiting.has(folder)) return;
    visiting.add(folder);
    for (const name of needs(read(folder), 'devDependencies')) {
      const found = find(name, folder);
      if (found && isOwn(found)) visit(found);
    }
    ordered.push(folder);
  };
  const visiting = new Set();
  if (here === root) workspaces(root).forEach(visit);
  visit(here);
  return ordered;
}

// linked prints the packages that are outside of the root, are linked to, and need something themselves.
function linked(root) {
  for (const folder of members(root)) {
    if (!`${folder}/`.startsWith(`${root}/`) && needs(read(folder), 'devDependencies').length > 0) console.log(folder);
  }
}

// scriptOf a package. The one that "npm init" writes is none.
function scriptOf(folder, name) {
  const text = read(folder).scripts?.[name];
  return text?.includes('no test specified') ? undefined : text;
}

// runsAll tells a script of the root that runs those of all members.
function runsAll(text) {
  const byTool = /--workspaces\b|\bworkspaces (foreach|run)\b|\b(pnpm|bun)\b.*(\s-r\b|--recursive\b|--filter[ =]['"]?\*)/;
  return byTool.test(text ?? '') || /\b(turbo|nx|lerna|lage|moon|wsrun|ultra)\b/.test(text ?? '');
}

// scripts prints the folders of those members that have a script, in their order.
function scripts(root, name) {
  const all = members(root);
  if (here === root && all.length > 1 && runsAll(scriptOf(root, name))) {
    console.error(`The script ${name} of the root runs those of its workspaces.`);
    all.splice(0, all.length, root);
  }
  for (const folder of all) if (scriptOf(folder, name)) console.log(folder);
}

// --- Tests.

// untested prints the test files of members that have no script to run them.
function untested(root) {
  const all = members(root);
  const ofRoot = scriptOf(root, 'test');
  if (here === root && ofRoot && !runsAll(ofRoot)) return; // One command tests all.
  for (const folder of all.filter((each) => !scriptOf(each, 'test'))) {
    for (const file of files(folder, all)) if (looksLikeTest(path.relative(folder, file))) console.log(path.relative(here, file));
  }
}

// files of a package, without those of packages in it, of what is installed, and of what is built for the artifact.
function files(folder, others) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(folder, entry.name);
    if (!entry.isDirectory()) return [name];
    return ['node_modules', 'lambda-artifact', '.git', '.yarn'].includes(entry.name) || others.includes(name) ? [] : files(name, others);
  });
}

function looksLikeTest(name) {
  if (!/\.[cm]?[jt]sx?$/.test(name) || name.endsWith('.d.ts')) return false;
  return /[._-](test|spec)\.[a-z]+$/.test(name) || /(^|\/)(__tests__|tests?)\//.test(name) || /(^|\/)test(-[^/]*)?\.[a-z]+$/.test(name);
}

// --- Which version of the tool.

const locks = ['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock', 'bun.lockb'];

// versions where the repository pins none: the newest that leave a lock file of that version as it is.
const versions = {
  pnpm: [[/^lockfileVersion: '?9/m, '10.34.9'], [/^lockfileVersion: '?6/m, '8.15.9'], [/^lockfileVersion: '?5/m, '7.33.7']],
  yarn: [
    [/^# yarn lockfile v1/m, '1.22.22'], [/^ {2}version: 6$/m, '3.8.7'],
    [/^ {2}version: 8$/m, '4.12.0'], [/^ {2}version: 9$/m, '4.14.1'], [/^ {2}version: 10$/m, '4.18.1'],
  ],
  bun: [[/^/, '1.4.5']],
  npm: [],
};

// tool prints what npm must install to have the tool of the lock file, in the version that the repository pins. Nothing: the image's npm.
function tool(root, name, lock) {
  leftOver(root, lock);
  const version = pinned(root, name) ?? versions[name].find(([pattern]) => pattern.test(fs.readFileSync(lock, 'latin1')))?.[1];
  if (!version && name !== 'npm') {
    stop(`${shown(lock)} is of a version that is not known here: ` +
      `set packageManager in package.json to the version of ${name} that wrote it, ${name}@1.2.3`);
  }
  if (version) console.log(name === 'yarn' && !version.startsWith('1.') ? `@yarnpkg/cli-dist@${version}` : `${name}@${version}`);
}

// leftOver is a lock file of a package whose workspace has another, which its tool would take.
function leftOver(root, lock) {
  for (let above = path.dirname(root); `${above}/`.startsWith(`${repository}/`); above = path.dirname(above)) {
    const other = locks.find((file) => fs.existsSync(path.join(above, file)));
    if (other && workspaces(above).includes(root)) {
      stop(`${shown(lock)} and ${shown(path.join(above, other))} are both lock files of ${shown(root)}, which is in a workspace: ` +
        'delete the first, or take the folder out of the workspaces');
    }
  }
}

function pinned(root, name) {
  const manifest = read(root);
  const [, asked, version] = manifest.packageManager?.match(/^([^@]+)@([^+]+)/) ?? [];
  if (asked && asked !== name) {
    stop(`packageManager in ${shown(path.join(root, 'package.json'))} is ${manifest.packageManager}, and the lock file is of ${name}: ` +
      `commit the lock file of ${asked} and delete the other, or correct packageManager`);
  }
  const file = path.join(root, '.tool-versions');
  const listed = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  const engine = manifest.devEngines?.packageManager;
  const exact = engine?.name === name && /^\d+\.\d+\.\d+/.test(engine.version) ? engine.version : undefined;
  return version ?? exact ?? manifest.volta?.[name] ?? listed.match(new RegExp(`^${name}\\s+([0-9][^\\s#]*)`, 'm'))?.[1];
}

// --- What is shipped.

// unshipped are names that only the build needs.
const unshipped = ['.git', '.github', 'lambda-artifact', '.npmrc', '.yarnrc', '.yarnrc.yml', '.yarn', '.pnp.cjs', '.pnp.loader.mjs',
  '.pnpmfile.cjs', '.pnpm-store', ...locks, 'pnpm-workspace.yaml', 'bunfig.toml'];

// caches of tools that run scripts. They may be in every package.
const caches = ['.turbo', '.nx'];

// copy a file or folder. What a link leads to is copied in its place.
function copy(from, to, leave, above = []) {
  const stat = fs.statSync(from, { throwIfNoEntry: false });
  if (stat?.isFile()) fs.copyFileSync(from, to);
  if (!stat?.isDirectory()) return;
  const real = fs.realpathSync(from);
  if (above.includes(real)) stop(`${shown(from)} is a link to a folder that it is in: it has no end. Delete it`);
  fs.mkdirSync(to, { recursive: true });
  for (const name of fs.readdirSync(from)) {
    const next = path.join(from, name);
    if (!leave(next)) copy(next, path.join(to, name), leave, [...above, real]);
  }
}

// ship the directory, and the packages that it needs to run, into the artifact.
function ship(root, artifact) {
  fs.rmSync(artifact, { recursive: true, force: true });
  const bases = new Set(here === root ? workspaces(root) : []);
  copy(here, artifact, (file) => {
    if (unshipped.includes(path.relative(here, file)) || caches.includes(path.basename(file))) return true;
    const folder = path.dirname(file);
    const isInstalled = path.basename(file) === 'node_modules' && fs.existsSync(path.join(folder, 'package.json'));
    if (isInstalled && folder !== here) bases.add(folder);
    return isInstalled;
  });
  const placed = new Map();
  place({ at: artifact, from: here }, { root, artifact, placed });
  for (const folder of bases) place({ at: path.join(artifact, path.relative(here, folder)), from: folder }, { root, artifact, placed });
}

// place what a package needs, and what that needs, each once if its versions let it: at the top, or where another version is in its way.
function place(start, { root, artifact, placed }) {
  const queue = [start];
  for (let next = queue.shift(); next; next = queue.shift()) {
    const manifest = read(next.from);
    const more = isOwn(next.from) ? undeclared(next.from, root) : [];
    for (const name of new Set([...needs(manifest), ...more])) {
      // A package that is linked to finds its peers only where it is shipped.
      const from = find(name, next.from) ?? (manifest.peerDependencies?.[name] && find(name, start.from));
      const at = from && spot(name, next.at, from, artifact, placed);
      if (!from) missing(name, next.from, manifest);
      else if (at) {
        install(name, from, at);
        placed.set(at, from);
        queue.push({ at, from });
      }
    }
  }
}

// spot where a package is to be. Undefined: it can be found already.
function spot(name, at, from, artifact, placed) {
  for (let folder = at; ; folder = path.dirname(folder)) {
    const there = path.join(folder, 'node_modules', name);
    if (placed.has(there)) return placed.get(there) === from ? undefined : path.join(at, 'node_modules', name);
    if (folder === artifact) return there;
  }
}

function install(name, from, at) {
  copy(from, at, (file) => {
    const relative = path.relative(from, file);
    return relative === 'node_modules' || isOwn(from) && (unshipped.includes(relative) || caches.includes(path.basename(file)));
  });
  // What Prisma generates is beside its package, in no package.
  const generated = name === '@prisma/client' && (find('.prisma', from) ?? find('.prisma', here));
  if (generated) copy(generated, path.join(at, '..', '..', '.prisma'), () => false);
}

function missing(name, folder, manifest) {
  if (!isOwn(folder) || !manifest.dependencies?.[name] || manifest.optionalDependencies?.[name]) return;
  stop(`${shown(path.join(folder, 'package.json'))} depends on ${name}, which is not installed: ` +
    'if the lock file is above it, its folder must be one of the workspaces there; otherwise commit a lock file beside it');
}

// undeclared are packages that a package's code names and only the root of its workspace declares: code finds those in the repository.
function undeclared(folder, root) {
  const names = folder === root ? [] : Object.keys(read(root).dependencies ?? {});
  if (names.length === 0) return [];
  const code = files(folder, []).filter((file) => /\.[cm]?[jt]sx?$/.test(file)).map((file) => fs.readFileSync(file, 'utf8'));
  const isIn = (text, name) => ['"', "'", '`'].some((quote) => text.includes(quote + name + quote) || text.includes(`${quote}${name}/`));
  return names.filter((name) => code.some((text) => isIn(text, name)));
}

const [verb, folder, ...rest] = process.argv.slice(2);
const verbs = { linked, scripts, untested, tool, ship: (from, artifact) => ship(from, path.resolve(artifact)) };
verbs[verb](fs.realpathSync(folder), ...rest);
