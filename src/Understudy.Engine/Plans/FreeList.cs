namespace Understudy.Engine.Plans;

/// <summary>Hands out ranges of a growing line, lowest first, and takes them back.</summary>
internal sealed class FreeList
{
    private readonly List<(long Start, long Length)> _gaps = [];

    /// <summary>The end of the line so far.</summary>
    internal long End { get; private set; }

    /// <summary>The start of a free range of that length.</summary>
    internal long Take(long length)
    {
        for (var i = 0; i < _gaps.Count; i++)
        {
            var (start, available) = _gaps[i];
            if (available < length)
                continue;
            if (available == length)
                _gaps.RemoveAt(i);
            else
                _gaps[i] = (start + length, available - length);
            return start;
        }

        End += length;
        return End - length;
    }

    /// <summary>Takes a range back; it joins the gaps beside it.</summary>
    internal void Give(long start, long length)
    {
        var at = _gaps.FindIndex(gap => gap.Start > start);
        at = at < 0 ? _gaps.Count : at;
        _gaps.Insert(at, (start, length));
        if (at + 1 < _gaps.Count && start + length == _gaps[at + 1].Start)
        {
            _gaps[at] = (start, length + _gaps[at + 1].Length);
            _gaps.RemoveAt(at + 1);
        }

        if (at > 0 && _gaps[at - 1].Start + _gaps[at - 1].Length == start)
        {
            _gaps[at - 1] = (_gaps[at - 1].Start, _gaps[at - 1].Length + _gaps[at].Length);
            _gaps.RemoveAt(at);
        }
    }
}
