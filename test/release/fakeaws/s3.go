package fakeaws

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// S3 has buckets that keep the versions of each object, and what each is hashed to if it was asked to.
type S3 struct {
	cloud *Cloud
	store *Store
}

// A Store is what is in buckets. Those of several accounts may have one.
type Store struct {
	owners  map[string]string
	objects map[string][]Object
}

// NewStore returns a Store with nothing in it.
func NewStore() *Store {
	return &Store{owners: map[string]string{}, objects: map[string][]Object{}}
}

// An Object is a version of one.
type Object struct {
	Version  string
	Body     string
	Metadata map[string]string

	// SHA256 in Base64. Empty: S3 was not asked for it.
	SHA256 string
}

// Use a Store that others use too.
func (s *S3) Use(store *Store) {
	s.cloud.mu.Lock()
	defer s.cloud.mu.Unlock()
	s.store = store
}

// Own a bucket in an account.
func (s *S3) Own(bucket, account string) {
	s.cloud.mu.Lock()
	defer s.cloud.mu.Unlock()
	s.store.owners[bucket] = account
}

// Put an object in a bucket, and return its version.
func (s *S3) Put(bucket, key, body string, metadata map[string]string, hashed bool) string {
	s.cloud.mu.Lock()
	defer s.cloud.mu.Unlock()
	return s.store.add(bucket, key, Object{Body: body, Metadata: metadata}, hashed).Version
}

// Versions of an object, in the order in which they came.
func (s *S3) Versions(bucket, key string) []Object {
	s.cloud.mu.Lock()
	defer s.cloud.mu.Unlock()
	return append([]Object(nil), s.store.objects[bucket+"/"+key]...)
}

// Tamper with the newest version of an object: it gets another body, and the hash of that.
func (s *S3) Tamper(bucket, key, body string) {
	s.cloud.mu.Lock()
	defer s.cloud.mu.Unlock()
	versions := s.store.objects[bucket+"/"+key]
	newest := &versions[len(versions)-1]
	newest.Body, newest.SHA256 = body, HashOf(body)
}

// Say something else in a field of the metadata of an object's newest version.
func (s *S3) Say(bucket, key, field, text string) {
	s.cloud.mu.Lock()
	defer s.cloud.mu.Unlock()
	versions := s.store.objects[bucket+"/"+key]
	versions[len(versions)-1].Metadata[field] = text
}

// HashOf a body, as S3 and Lambda write it.
func HashOf(body string) string {
	sum := sha256.Sum256([]byte(body))
	return base64.StdEncoding.EncodeToString(sum[:])
}

func (s *Store) add(bucket, key string, o Object, hashed bool) Object {
	folder, _, _ := strings.Cut(key, "/")
	o.Version = fmt.Sprintf("%s-%d", folder, len(s.objects[bucket+"/"+key])+1)
	if hashed {
		o.SHA256 = HashOf(o.Body)
	}
	s.objects[bucket+"/"+key] = append(s.objects[bucket+"/"+key], o)
	return o
}

// find a version of an object, or the newest one. Who may not list a bucket is not told that something is not there.
func (s *Store) find(path, version, owner string) (Object, error) {
	bucket, _, _ := strings.Cut(path, "/")
	denied := &Fault{Status: http.StatusForbidden, Code: "AccessDenied", Message: "Access Denied"}
	if owner != "" && s.owners[bucket] != owner {
		return Object{}, denied
	}
	versions := s.objects[path]
	if version == "" && len(versions) > 0 {
		return versions[len(versions)-1], nil
	}
	for _, o := range versions {
		if o.Version == version {
			return o, nil
		}
	}
	return Object{}, denied
}

// s3Action is what IAM asks for a request. Reading a version is another action than reading the newest one.
func s3Action(r *http.Request) string {
	switch {
	case r.Method == http.MethodPut:
		return "s3:PutObject"
	case r.Method == http.MethodGet && r.URL.Query().Has("versions"):
		return "s3:ListBucketVersions"
	case r.Method == http.MethodHead:
		return readAction(r.URL.Query().Get("versionId"))
	default:
		return ""
	}
}

func readAction(version string) string {
	if version != "" {
		return "s3:GetObjectVersion"
	}
	return "s3:GetObject"
}

func (s *S3) headObject(r request) (string, any, error) {
	path := strings.TrimPrefix(r.http.URL.Path, "/")
	resource := "arn:aws:s3:::" + path
	o, err := s.store.find(path, r.http.URL.Query().Get("versionId"), r.http.Header.Get("X-Amz-Expected-Bucket-Owner"))
	if err != nil {
		return resource, nil, err
	}
	header := map[string]string{"X-Amz-Version-Id": o.Version}
	if o.SHA256 != "" && r.http.Header.Get("X-Amz-Checksum-Mode") == "ENABLED" {
		header["X-Amz-Checksum-Sha256"] = o.SHA256
	}
	// S3 has these in lower case, and not every SDK puts them so.
	for name, value := range o.Metadata {
		header["x-amz-meta-"+name] = value
	}
	return resource, answerWithHeader{header: header, body: noBody{}}, nil
}

// listObjectVersions of which the keys begin with a prefix: by key, and of each the newest first.
func (s *S3) listObjectVersions(r request) (string, any, error) {
	bucket, asked := strings.Trim(r.http.URL.Path, "/"), r.http.URL.Query()
	most, err := strconv.Atoi(asked.Get("max-keys"))
	if err != nil {
		return "", nil, s.cloud.unexpected("cannot read max-keys: %v", err)
	}
	type version struct {
		Key     string `xml:"Key"`
		Version string `xml:"VersionId"`
	}
	type result struct {
		XMLName  xml.Name  `xml:"ListVersionsResult"`
		Versions []version `xml:"Version"`
	}
	var found result
	for _, path := range slices.Sorted(maps.Keys(s.store.objects)) {
		key, inBucket := strings.CutPrefix(path, bucket+"/")
		for _, o := range slices.Backward(s.store.objects[path]) {
			if inBucket && strings.HasPrefix(key, asked.Get("prefix")) && len(found.Versions) < most {
				found.Versions = append(found.Versions, version{Key: key, Version: o.Version})
			}
		}
	}
	return "arn:aws:s3:::" + bucket, xmlBody{found}, nil
}

// write a copy of an object, or a new one.
func (s *S3) write(r request) (string, any, error) {
	if r.http.Header.Get("X-Amz-Copy-Source") != "" {
		return s.copyObject(r)
	}
	return s.putObject(r)
}

// maxMetadata is how many bytes names and values of an object's metadata may have.
const maxMetadata = 2048

// putObject takes printable ASCII as metadata, and not much.
// See https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
func (s *S3) putObject(r request) (string, any, error) {
	path := strings.TrimPrefix(r.http.URL.Path, "/")
	resource, size, metadata := "arn:aws:s3:::"+path, 0, metadataOf(r.http.Header)
	for name, value := range metadata {
		size += len(name) + len(value)
		if value == "" || strings.ContainsFunc(value, func(c rune) bool { return c < ' ' || c > '~' }) {
			return resource, nil, s.cloud.unexpected("metadata %s must be printable ASCII, got %q", name, value)
		}
	}
	if size > maxMetadata {
		return resource, nil, &Fault{Status: http.StatusBadRequest, Code: "MetadataTooLarge", Message: "Your metadata headers exceed the maximum allowed metadata size"}
	}
	bucket, key, _ := strings.Cut(path, "/")
	put := s.store.add(bucket, key, Object{Body: string(r.body), Metadata: metadata}, false)
	return resource, answerWithHeader{header: map[string]string{"X-Amz-Version-Id": put.Version}, body: noBody{}}, nil
}

// metadataOf a request, by names as S3 keeps them.
func metadataOf(header http.Header) map[string]string {
	metadata := map[string]string{}
	for name, values := range header {
		if name, ok := strings.CutPrefix(name, "X-Amz-Meta-"); ok {
			metadata[strings.ToLower(name)] = values[0]
		}
	}
	return metadata
}

// copyObject needs permissions to read the source, and to write the copy.
func (s *S3) copyObject(r request) (string, any, error) {
	to, header := strings.TrimPrefix(r.http.URL.Path, "/"), r.http.Header
	resource := "arn:aws:s3:::" + to
	path, query, _ := strings.Cut(header.Get("X-Amz-Copy-Source"), "?")
	asked, err := url.ParseQuery(query)
	if err != nil {
		return resource, nil, s.cloud.unexpected("cannot read source: %v", err)
	}
	version := asked.Get("versionId")
	s.cloud.calls = append(s.cloud.calls, Call{Action: readAction(version), Resource: "arn:aws:s3:::" + path, At: s.cloud.clock.Now()})
	source, err := s.store.find(path, version, header.Get("X-Amz-Source-Expected-Bucket-Owner"))
	if err != nil {
		return resource, nil, err
	}
	if header.Get("X-Amz-Tagging-Directive") != "REPLACE" {
		return resource, nil, s.cloud.unexpected("tags are copied, and no role may read or write them")
	}
	if header.Get("X-Amz-Metadata-Directive") != "REPLACE" || header.Get("X-Amz-Checksum-Algorithm") != "SHA256" {
		return resource, nil, s.cloud.unexpected("want new metadata and a SHA-256, got %v", header)
	}
	bucket, key, _ := strings.Cut(to, "/")
	copied := s.store.add(bucket, key, Object{Body: source.Body, Metadata: metadataOf(header)}, true)
	type result struct {
		XMLName xml.Name `xml:"CopyObjectResult"`
		SHA256  string   `xml:"ChecksumSHA256"`
	}
	return resource, answerWithHeader{
		header: map[string]string{"X-Amz-Version-Id": copied.Version},
		body:   xmlBody{result{SHA256: copied.SHA256}},
	}, nil
}

// s3Error is how S3 answers with an error.
type s3Error struct {
	XMLName   xml.Name `xml:"Error"`
	Code      string   `xml:"Code"`
	Message   string   `xml:"Message"`
	RequestID string   `xml:"RequestId"`
	HostID    string   `xml:"HostId"`
}
