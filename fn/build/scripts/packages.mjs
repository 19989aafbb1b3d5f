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

function read(folder, name = 'package.json') {
  const file = path.join(folder, name);
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
    const text = fs.readFileSync(file, 'utf8');
    const inline = text.match(/^packages:\s*\[([^\]]*)\]/m);
    if (inline) return inline[1].split(',').map((each) => each.trim().replace(/^(["'])(.*)\1$/, '$2')).filter(Boolean);
    const [, list = ''] = text.match(/^packages:[^\n]*\n((?:[ \t]*(?:-.*|#.*)?(?:\n|$))*)/m) ?? [];
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

// scriptOf a package. One that only prints, as "npm init" writes it, is none.
function scriptOf(folder, name) {
  const text = read(folder).scripts?.[name];
  return /^\s*(echo\b[^&|;]*(&&\s*exit \d\s*)?|exit 0|true)\s*$/.test(text ?? '') ? undefined : text;
}

// runsAll tells a script of the root that runs those of all members.
function runsAll(text, name) {
  const byTool = /--workspaces\b|\s-ws\b|\bworkspaces (foreach|run)\b|\b(pnpm|bun)\b.*(\s-r\b|--recursive\b|--filter[ =]['"]?\*)/;
  const all = byTool.test(text ?? '') || /\b(turbo|nx|lerna|lage|moon|wsrun|ultra)\b/.test(text ?? '');
  return all && !(name === 'test' && runsSome(text));
}

// runsSome tells a script of the root that names the members whose scripts it runs, or a folder. A "*" names all.
function runsSome(text) {
  const names = [
    /(--filter|--scope|--prefix|--cwd|--workspace)[ =]+['"]?(?!\*)/, /\bp?npm\b[^&|;]*\s-[wFC][ =]/, /\byarn workspace /, /\bcd /,
    /\bnx (run(?!-many)|test|affected)\b/, /\bnx\b[^&|;]*\s(--projects?|-p)[ =]/, /--affected\b/, /--since\b/,
  ];
  return names.some((each) => each.test(text));
}

// scripts prints the folders of those members that have a script, in their order.
function scripts(root, name) {
  const all = members(root);
  if (here === root && all.length > 1 && runsAll(scriptOf(root, name), name)) {
    console.error(`The script ${name} of the root runs those of its workspaces.`);
    all.splice(0, all.length, root);
  }
  for (const folder of all) if (scriptOf(folder, name)) console.log(folder);
}

// --- Tests.

// untested prints the test files of members, of projects of Nx, and of folders that they import by an alias, that nothing runs.
function untested(root) {
  const all = members(root);
  const ofRoot = scriptOf(root, 'test');
  // One command tests all.
  if (here === root && ofRoot && !runsAll(ofRoot, 'test') && !runsSome(ofRoot)) return;
  const nx = here === root && /\bnx\b/.test(ofRoot);
  const projects = nx ? folders(root).filter((folder) => fs.existsSync(path.join(folder, 'project.json'))) : [];
  const aliased = here === root || runsAll(scriptOf(here, 'test'), 'test') ? [] : imported(root, all);
  const silent = [...projects, ...all].filter((folder) => !scriptOf(folder, 'test') && !(nx && byNx(ofRoot, folder)));
  for (const folder of new Set([...aliased, ...silent])) {
    for (const name of testsOf(folder, [...all, ...projects])) console.log(path.relative(here, path.join(folder, name)));
  }
}

// byNx tells whether a script has Nx test the project in a folder: it names this one or all, and a target that the project has, or that a
// plugin of Nx finds by the configuration of a test runner.
function byNx(script, folder) {
  const [run, left = ''] = script.split(/--exclude\b/);
  const manifest = read(folder);
  const { name = manifest.name ?? path.basename(folder), targets } = { ...manifest.nx, ...read(folder, 'project.json') };
  const among = (text) => text.split(/[\s=,:'"]+/).includes(name);
  const configured = fs.readdirSync(folder).some((file) => /^(jest|vite|vitest)\.config\./.test(file));
  const has = configured || Object.keys(targets ?? {}).some((target) => run.includes(target));
  return has && !among(left) && (!runsSome(run) || among(run));
}

// imported are the folders, of no package, that members import by an alias of tsconfig.json: the libraries of an Nx repository.
function imported(root, all) {
  const aliases = [root, here].flatMap((folder) => ['tsconfig.base.json', 'tsconfig.json'].flatMap((name) => aliasesIn(path.join(folder, name))));
  const found = [];
  for (const queue = [...all]; queue.length > 0;) {
    const code = codeOf(queue.shift());
    for (const { name, target } of aliases.filter((alias) => code.some((text) => names(text, alias.name)))) {
      const folder = projectOf(target, root);
      const isNew = isOwn(folder) && ![...all, ...found].some((other) => `${folder}/`.startsWith(`${other}/`) && (other !== root || folder === root));
      if (isNew) queue.push(found[found.push(folder) - 1]);
    }
  }
  return found;
}

// aliasesIn the paths of a tsconfig.json. It may have comments, and commas at the ends of lists: so it is JavaScript, and not JSON.
function aliasesIn(file) {
  if (!fs.existsSync(file)) return [];
  try {
    const { baseUrl = '.', paths = {} } = Function(`return (${fs.readFileSync(file, 'utf8')}\n)`)().compilerOptions;
    const clean = (name) => name.replace(/\/?\*.*$/, '');
    const at = (target) => path.resolve(path.dirname(file), baseUrl, clean(target));
    return Object.entries(paths).flatMap(([name, targets]) => targets.map((target) => ({ name: clean(name), target: at(target) })));
  } catch {
    // The compiler says what is wrong with it.
    return [];
  }
}

// projectOf a file or folder is the next folder above it that a tool knows as a project. None: that of its sources.
function projectOf(target, root) {
  const start = /\.[cm]?[jt]sx?$/.test(target) ? path.dirname(target) : target;
  for (let folder = start; folder !== root && folder !== path.dirname(folder); folder = path.dirname(folder)) {
    if (['project.json', 'package.json'].some((name) => fs.existsSync(path.join(folder, name)))) return folder;
  }
  return path.basename(start) === 'src' ? path.dirname(start) : start;
}

// codeOf a folder is the text of its files of code.
function codeOf(folder) {
  if (!fs.existsSync(folder)) return [];
  return files(folder, []).filter((file) => /\.[cm]?[jt]sx?$/.test(file)).map((file) => fs.readFileSync(file, 'utf8'));
}

// names tells whether code imports a package, or something of it.
function names(text, name) {
  return name !== '' && ['"', "'", '`'].some((quote) => text.includes(quote + name + quote) || text.includes(`${quote}${name}/`));
}

// files of a package, without those of packages in it, of what is installed, and of what is built for the artifact.
function files(folder, others) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(folder, entry.name);
    if (!entry.isDirectory()) return [name];
    return ['node_modules', 'lambda-artifact', '.git', '.yarn'].includes(entry.name) || others.includes(name) ? [] : files(name, others);
  });
}

// testsOf a package: files that look like tests, and features if it has Cucumber.
function testsOf(folder, others) {
  const cucumber = read(folder).devDependencies?.['@cucumber/cucumber'];
  return files(folder, others).map((file) => path.relative(folder, file))
    .filter((name) => looksLikeTest(name) || (cucumber && name.endsWith('.feature')));
}

function looksLikeTest(name) {
  if (!/\.[cm]?[jt]sx?$/.test(name) || name.endsWith('.d.ts')) return false;
  return isNamedTest(name) || /(^|\/)(__tests?__|tests?|specs?)\//.test(name) || /(^|\/)(tests?|spec)(-[^/]*)?\.[a-z]+$/.test(name);
}

// isNamedTest tells a test by the end of its name. What is in a folder of tests may be there to help.
function isNamedTest(name) {
  return /([._-](test|tests|spec)|[a-z0-9](Test|Spec))\.[a-z]+$/.test(name);
}

// NONE and SOME are what runners print of how many tests they ran: node, jest, vitest and mocha.
const NONE = /^(\S+: )?\W*tests 0$|exiting with code 0$|^(\S+: )?\s*0 passing\b/m;
const SOME = /^(\S+: )?\W*tests [1-9]|^(\S+: )?\s*Tests:? .*\d|^(\S+: )?\s*[1-9]\d* passing\b/m;

// RUNNERS that are given no files find these: https://nodejs.org/api/test.html#running-tests-from-the-command-line, https://mochajs.org
const RUNNERS = [
  [/^node( --[\w-]+(=\S+)?)*$/, /((^|\/)test\/.*|(^|\/)test(-[^/]*)?|[._-]test)\.[cm]?[jt]s$/],
  [/^((npx|c8|nyc) )*mocha$/, /^test\/[^/]*\.[cm]?js$/],
];

// finds is what the runner of a package finds by itself. Undefined: its script or a file says what it runs.
function finds(folder) {
  if (read(folder).mocha || fs.readdirSync(folder).some((name) => name.startsWith('.mocharc'))) return undefined;
  return RUNNERS.find(([script]) => script.test(scriptOf(folder, 'test')))?.[1];
}

// CHECKS are commands that test nothing.
const CHECKS = /^\s*(npx )?(tsc|eslint|prettier|biome|oxlint|true|echo|exit)\b/;

// LISTED are the files that jest and vitest say they have run, and FAILED is how runners say that a test has failed.
const LISTED = /^(?:\S+: )?\s*(?:PASS|FAIL|[✓❯×↓](?=.* \(\d+[ )])) .*?(\S+\.[cm]?[jt]sx?)\b/gm;
const FAILED = /^(\S+: )?([#ℹ] fail [1-9]\d*$|\s*Tests:? .*\d failed|\s*[1-9]\d* failing$)/m;

// wholeScript is the script test with the scripts that it runs.
function wholeScript(folder) {
  const { scripts: all } = read(folder);
  const once = (text) => text.replace(/\b(?:p?npm|yarn|bun)(?: run)? ([\w:.-]+)/g, (call, name) => all[name] ?? call);
  return once(once(scriptOf(folder, 'test')));
}

// passedOver prints the test files of a package that its script has not run: all, if its output says that there were none.
function passedOver(root, folder, output) {
  const text = fs.readFileSync(output, 'utf8').replace(/\x1b\[[\d;]*m/g, '');
  if (FAILED.test(text)) stop(`tests of ${shown(folder)} have failed, and its script test succeeds`);
  const others = members(root).filter((each) => each !== folder && scriptOf(each, 'test'));
  const names = testsOf(folder, others);
  const script = wholeScript(folder);
  const none = (NONE.test(text) && !SOME.test(text)) || script.split(/&&|\|\||;/).every((command) => CHECKS.test(command));
  const found = finds(folder) ?? /./;
  const listed = [...text.matchAll(LISTED)].map((match) => match[1]).filter(isNamedTest);
  const ran = (name) => listed.length === 0 || listed.some((each) => name.endsWith(each) || each.endsWith(name));
  for (const name of names) {
    const missed = isNamedTest(name) ? !found.test(name) || !ran(name) : name.endsWith('.feature') && !/cucumber/.test(script);
    if (none || missed) console.log(path.relative(here, path.join(folder, name)));
  }
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
  const declared = folder === root ? [] : Object.keys(read(root).dependencies ?? {});
  if (declared.length === 0) return [];
  const code = codeOf(folder);
  return declared.filter((name) => code.some((text) => names(text, name)));
}

const [verb, folder, ...rest] = process.argv.slice(2);
const verbs = { linked, scripts, untested, passed_over: passedOver, tool, ship: (from, artifact) => ship(from, path.resolve(artifact)) };
verbs[verb](fs.realpathSync(folder), ...rest);
