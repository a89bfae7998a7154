using Deploy.Model.Hosts;
using FsCheck.Fluent;
using Xunit;

namespace Deploy.Tests.Model.Hosts;

public class HostSetTests
{
    [Fact]
    public void Set_algebra_is_that_of_a_hash_set() => HostGen.Holds(
        from left in HostGen.Hosts
        from right in HostGen.Hosts
        select (left, right),
        pair =>
        {
            var (left, right) = (HostSet.Of(pair.left), HostSet.Of(pair.right));
            Same(pair, (mine, other) => mine.UnionWith(other), left.Union(right));
            Same(pair, (mine, other) => mine.ExceptWith(other), left.Except(right));
            Same(pair, (mine, other) => mine.IntersectWith(other), left.Intersect(right));
            Assert.All(pair.left, host => Assert.True(left.Contains(host)));
            Assert.Equal(pair.left.Any(host => right.Contains(host)), left.Intersect(right).Count > 0);
        });

    [Fact]
    public void Terms_from_left_to_right_are_operations_one_after_another() => HostGen.Holds(
        from first in HostGen.Pattern
        from rest in (from sign in Gen.Elements("", "!", "&") from pattern in HostGen.Pattern select (sign, pattern)).ListOf()
        select (first, rest),
        expression =>
        {
            var stands = HostGen.Resolve(expression.first);
            foreach (var (sign, pattern) in expression.rest)
            {
                var operand = HostGen.Resolve(pattern);
                stands = sign switch { "!" => stands.Except(operand), "&" => stands.Intersect(operand), _ => stands.Union(operand) };
            }

            Assert.Equal(stands, HostGen.Resolve(string.Join(" , ", expression.rest.Select(term => term.sign + term.pattern).Prepend(expression.first))));
        });

    [Fact]
    public void Order_is_that_of_first_appearance_and_so_is_the_spelling()
    {
        var set = HostSet.Of(["b", "A", "a", "B", "[::1]", "::1"]);
        Assert.Equal(["b", "A", "[::1]"], set);
        Assert.Equal(["b", "A", "[::1]", "c"], set.Union(HostSet.Of(["C", "a"])), StringComparer.OrdinalIgnoreCase);
        Assert.Empty(HostSet.Empty);
    }

    [Fact]
    public void A_host_without_a_port_covers_it_at_every_port_and_with_one_at_that_alone()
    {
        var set = HostSet.Of(["a:1", "a:2", "a", "b:1", "[::1]:1"]);
        Assert.Equal(["b:1", "[::1]:1"], set.Except(HostSet.Of(["A"])));
        Assert.Equal(["a:2", "a", "b:1", "[::1]:1"], set.Except(HostSet.Of(["a:1"])));
        Assert.Equal(["[::1]:1"], set.Intersect(HostSet.Of(["::1"])));
        Assert.False(set.Contains("a:3"));
    }

    /// <summary>The same hosts, each once.</summary>
    private static void Same((string[] Left, string[] Right) pair, Action<HashSet<string>, HashSet<string>> operation, HostSet actual)
    {
        var expected = pair.Left.Select(Plain).ToHashSet();
        operation(expected, pair.Right.Select(Plain).ToHashSet());
        Assert.Equal(expected.Order(), actual.Select(Plain).Order());
    }

    private static string Plain(string host) => host.Trim('[', ']').ToLowerInvariant();
}
