// Package attack has what an app team could try that does not trust the others, and what it gets: cases that are judged by the policies that
// pipelines have, and by AWS's own data of what IAM decides on.
package attack
