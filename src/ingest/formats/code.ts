import type { Format } from '../format.ts';
import { codeBlocks } from './code-blocks.ts';

/** Source code and configuration: a block for each stretch that begins unindented after a blank line. */
export const code: Format = {
  id: 'code',
  name: 'Source code',
  extensions: [
    ...['js', 'mjs', 'cjs', 'jsx', 'ts', 'mts', 'cts', 'tsx', 'vue', 'svelte', 'astro', 'css', 'scss'],
    ...['sass', 'less', 'styl', 'xsl', 'xsd', 'svg', 'jsonc', 'json5', 'map', 'toml'],
    ...['ini', 'cfg', 'conf', 'properties', 'env', 'editorconfig', 'py', 'pyi', 'pyx', 'rb', 'erb'],
    ...['gemspec', 'php', 'pl', 'pm', 'lua', 'tcl', 'r', 'rmd', 'jl', 'm', 'mm', 'java', 'kt', 'kts'],
    ...['scala', 'groovy', 'gradle', 'clj', 'cljs', 'c', 'h', 'cc', 'cpp', 'cxx', 'hh', 'hpp', 'hxx'],
    ...['inl', 'cs', 'fs', 'fsx', 'vb', 'go', 'rs', 'swift', 'dart', 'zig', 'nim', 'd', 'v', 'sv'],
    ...['vhd', 'vhdl', 'asm', 's', 'f', 'f90', 'f95', 'for', 'pas', 'ada', 'adb', 'ads', 'cob', 'cbl'],
    ...['lisp', 'lsp', 'el', 'scm', 'rkt', 'hs', 'lhs', 'ml', 'mli', 'elm', 'erl', 'hrl', 'ex', 'exs'],
    ...['sh', 'bash', 'zsh', 'fish', 'ps1', 'psm1', 'bat', 'cmd', 'awk', 'sed', 'sql', 'ddl', 'graphql'],
    ...['gql', 'proto', 'thrift', 'tf', 'tfvars', 'hcl', 'nix', 'bzl', 'cmake', 'mk', 'mak', 'ninja'],
    ...['tex', 'sty', 'cls', 'bib', 'diff', 'patch', 'wat', 'glsl', 'hlsl', 'wgsl', 'cu', 'cl', 'sol'],
    ...['lock', 'vim', 'hbs', 'mustache', 'ejs', 'jinja', 'j2', 'liquid', 'pug', 'twig', 'plist'],
    ...['desktop', 'service'],
  ],
  names: [
    ...['makefile', 'gnumakefile', 'dockerfile', 'containerfile', 'cmakelists.txt', 'rakefile', 'gemfile'],
    ...['vagrantfile', 'procfile', 'justfile', 'jenkinsfile', 'brewfile', 'podfile', 'build', 'workspace'],
    ...['.gitignore', '.gitattributes', '.gitmodules', '.dockerignore', '.npmrc', '.npmignore', '.nvmrc'],
    ...['.bashrc', '.bash_profile', '.zshrc', '.profile', '.vimrc', '.babelrc', '.eslintrc', '.prettierrc'],
    ...['requirements.txt', 'go.mod', 'go.sum'],
  ],
  parse: source => {
    const text = source.text();
    return { text, blocks: codeBlocks(text) };
  },
};
