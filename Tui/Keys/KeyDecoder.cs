using System.Text;

namespace Deploy.Tui.Keys;

/// <summary>
/// The bytes of a terminal as keys and pastes, in pieces of any size: UTF-8, and what xterm and its heirs, the Linux console and tmux send for keys (ECMA-48 CSI and SS3).
/// Without a clock: the time is given in, and only gaps in it count.
/// </summary>
/// <remarks>
/// A lone Esc is told from the start of a sequence by 40 ms in which nothing follows. Esc and a key within that time are both keys, as when they are typed fast over a slow line; so is Alt and
/// a key, which the terminal sends likewise: Esc closes what is open, and what would act asks first. Shift, Ctrl and Alt held with arrows and the like change nothing. Sequences that mean nothing here, answers of the terminal among them, are
/// passed over whole. A paste comes in one piece and never acts as keys; line breaks and tabs in it are blanks, other control characters are left out.
/// <code>
/// Ground ──ESC──► Escape ──[──► Csi ──final──► Ground    Csi 200~ ──► Paste ──ESC[201~──► Ground
///    ▲              │ ├──O──► Ss3 ──final──► Ground      Csi [ and Csi M ──► Skip ──► Ground
///    └──40 ms: Esc──┘ └─]P^_X► Text ──BEL, ST──► Ground  Escape, other ──► Ground: Esc, and the key
/// </code>
/// </remarks>
internal sealed partial class KeyDecoder
{
    /// <summary>After an Esc.</summary>
    public static readonly TimeSpan EscapeGap = TimeSpan.FromMilliseconds(40);

    /// <summary>Within a sequence: a slow network may cut one in two, and its rest must not act as keys.</summary>
    public static readonly TimeSpan SequenceGap = TimeSpan.FromMilliseconds(500);

    /// <summary>Within a paste, whose end may have been lost: the keyboard must come back. Long, for what comes of it later acts as keys.</summary>
    public static readonly TimeSpan PasteGap = TimeSpan.FromSeconds(20);

    /// <summary>Bytes of a sequence that are looked at; a longer one means nothing here.</summary>
    private const int MostParameters = 32;

    private const byte EscapeByte = 0x1B;

    private readonly List<byte> parameters = [];
    private readonly List<byte> character = [];
    private readonly List<Message> found = [];
    private PasteText paste = new();
    private State state;
    private int skips;
    private TimeSpan last;

    private enum State
    {
        Ground,
        Escape,
        Csi,
        Ss3,
        Skip,
        Text,
        TextEscape,
        Paste,
    }

    /// <summary>When <see cref="Expire"/> has to be called if nothing comes; null for never.</summary>
    public TimeSpan? Due => state == State.Ground ? null : last + Gap;

    private TimeSpan Gap => state switch
    {
        State.Escape => EscapeGap,
        State.Paste => PasteGap,
        _ => SequenceGap,
    };

    /// <summary>Takes bytes in.</summary>
    /// <param name="bytes">Some.</param>
    /// <param name="now">Since any moment; never less than the last time.</param>
    /// <returns><see cref="Message.Pressed"/> and <see cref="Message.Pasted"/>, in their order.</returns>
    public IReadOnlyList<Message> Take(ReadOnlySpan<byte> bytes, TimeSpan now)
    {
        found.Clear();
        End(now);
        last = now;
        foreach (byte one in bytes)
        {
            Take(one);
        }

        return found.Count == 0 ? [] : found.ToArray();
    }

    /// <summary>Ends what nothing followed: an Esc is the key then, half a sequence is dropped, a paste is what came of it.</summary>
    public IReadOnlyList<Message> Expire(TimeSpan now)
    {
        found.Clear();
        End(now);
        return found.Count == 0 ? [] : found.ToArray();
    }

    private void End(TimeSpan now)
    {
        if (Due is not { } due || now < due)
        {
            return;
        }

        if (state == State.Escape)
        {
            Press(KeyName.Escape);
        }
        else if (state == State.Paste)
        {
            EndPaste();
        }

        state = State.Ground;
    }

    private void Take(byte one)
    {
        switch (state)
        {
            case State.Escape:
                AfterEscape(one);
                break;
            case State.Csi or State.Ss3:
                InSequence(one);
                break;
            case State.Skip:
                skips--;
                state = skips > 0 ? State.Skip : State.Ground;
                break;
            case State.Text or State.TextEscape:
                InText(one);
                break;
            case State.Paste when paste.Take(one):
                EndPaste();
                state = State.Ground;
                break;
            case State.Paste:
                break;
            default:
                OnGround(one);
                break;
        }
    }

    private void OnGround(byte one)
    {
        if (character.Count > 0 || one >= 0x80)
        {
            InCharacter(one);
            return;
        }

        switch (one)
        {
            case EscapeByte:
                state = State.Escape;
                break;
            case 0x0D or 0x0A:
                Press(KeyName.Enter);
                break;
            case 0x09:
                Press(KeyName.Tab);
                break;
            case 0x08 or 0x7F:
                Press(KeyName.Backspace);
                break;
            case > 0 and <= 26:
                Press(Key.Ctrl((char)('a' + one - 1)));
                break;
            case >= 0x20:
                Press(Key.Of((char)one));
                break;
            default:
                break; // Ctrl with a blank or a sign
        }
    }

    /// <summary>A byte of a character that takes several; what is no UTF-8 is passed over.</summary>
    private void InCharacter(byte one)
    {
        character.Add(one);
        Span<byte> bytes = [.. character];
        switch (Rune.DecodeFromUtf8(bytes, out var rune, out int consumed))
        {
            case System.Buffers.OperationStatus.NeedMoreData:
                return;
            case System.Buffers.OperationStatus.Done when PasteText.IsPrintable(rune):
                Press(new Key(KeyName.Rune, rune));
                break;
        }

        character.Clear();
        if (consumed < bytes.Length)
        {
            OnGround(one); // the byte that broke it off is one of its own
        }
    }

    private void EndPaste()
    {
        if (paste.End() is { Length: > 0 } text)
        {
            found.Add(new Message.Pasted(text));
        }
    }

    private void Press(KeyName name) => Press(new Key(name));

    private void Press(Key key) => found.Add(new Message.Pressed(key));
}
