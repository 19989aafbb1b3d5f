# frozen_string_literal: true

# Packs the gems of a Gemfile.lock, as Debian's packages have them installed, into vendor/cache. Bundler then installs them from
# there, and needs no registry. Where one of them is not installed, Bundler is left to fetch them all.

require 'bundler'
require 'fileutils'
require 'rubygems/package'
require 'tmpdir'

# Debian has some gems in no folder of their own, but among Ruby's libraries.
def unpacked(spec)
  return spec.full_gem_path if File.directory?(spec.full_gem_path)

  libraries = '/usr/lib/ruby/vendor_ruby/'
  package = `dpkg -S #{spec.loaded_from}`.split(':').first
  Dir.mktmpdir.tap do |folder|
    `dpkg -L #{package}`.lines(chomp: true).select { |f| f.start_with?(libraries) && File.file?(f) }.each do |f|
      copy = File.join(folder, 'lib', f.delete_prefix(libraries))
      FileUtils.mkdir_p(File.dirname(copy))
      FileUtils.cp(f, copy)
    end
  end
end

exit unless File.file?('Gemfile.lock')
begin
  # Those of a folder are where they are.
  locked = Bundler::LockfileParser.new(File.read('Gemfile.lock')).specs.grep_v(->(l) { l.source.is_a?(Bundler::Source::Path) })
  specs = locked.map { |l| Gem::Specification.find_by_name(l.name, l.version) }
rescue Gem::MissingSpecError
  exit
end

cache = File.expand_path('vendor/cache')
FileUtils.mkdir_p(cache)
specs.reject(&:default_gem?).each do |spec|
  Dir.chdir(unpacked(spec)) do
    packed = spec.dup
    packed.files = Dir['**/*'].select { |f| File.file?(f) }
    packed.extensions = []
    packed.extra_rdoc_files = []
    packed.test_files = []
    Gem::Package.build(packed, true, false, File.join(cache, packed.file_name))
  end
end
