//! Japanese.

use super::{Language, Text};

pub(super) static LANGUAGE: Language = Language {
    tag: "ja",
    texts: [
        // Welcome
        Text {
            subject: "ようこそ、{{userDisplayName}} 様",
            body: "{{userDisplayName}} 様\n\n\
                   このたびはご入社おめでとうございます。ご一緒に働けることを楽しみにしております。\
                   必要な情報をお知らせいたします。\n\n\
                   入社日：{{userEmployeeHireDate}}\n\
                   サインイン名：{{userPrincipalName}}\n\
                   役職：{{user.jobTitle}}\n\
                   部署：{{user.department}}\n\
                   上司：{{managerDisplayName}}\n\n\
                   ご不明な点がありましたら、入社の前後を問わず、上司にお尋ねください。初日にお越し\
                   いただく場所や、初回のサインインの方法についても、上司がご案内します。\n\n\
                   どうぞよろしくお願いいたします。",
        },
        // Pass
        Text {
            subject: "{{userDisplayName}}さんの一時アクセスパス",
            body: "宛先：{{recipientDisplayName}} 様\n\n\
                   {{userDisplayName}}さんの一時アクセスパスが作成されました。初回のサインインに使用し、\
                   その際に、今後使うサインイン方法を設定できます。\n\n\
                   サインイン名：{{userPrincipalName}}\n\
                   一時アクセスパス：{{temporaryAccessPass}}\n\
                   有効期間の開始：{{passStart}}\n\
                   有効期間の長さ：{{passLifetime}} 分\n\n\
                   ご本人以外の方がこのメールを受け取られた場合は、直接手渡すなど、安全な方法でパスを\
                   ご本人にお渡しください。このメールは転送しないでください。\n\n\
                   このパスを知っている人は誰でもサインインできます。ほかの人に知られないように管理し、\
                   使用後はこのメールを削除してください。",
        },
        // BeforeLastDay
        Text {
            subject: "{{userDisplayName}}さんの最終勤務日が近づいています",
            body: "宛先：{{recipientDisplayName}} 様\n\n\
                   {{userDisplayName}}さんの最終勤務日が近づいています。\n\n\
                   最終勤務日：{{userEmployeeLeaveDateTime}}\n\
                   サインイン名：{{userPrincipalName}}\n\
                   役職：{{user.jobTitle}}\n\
                   部署：{{user.department}}\n\n\
                   進行中の業務、資料、取引先などの連絡先を誰が引き継ぐか、また、機器、鍵、入館証をいつ\
                   返却するかを、早めに決めていただくようお願いいたします。\n\n\
                   あわせて、最終勤務日まで必要なアクセス権をご確認いただき、共有メールボックス、\
                   グループ、自動処理の引き継ぎ先もお決めください。",
        },
        // OnLastDay
        Text {
            subject: "本日は{{userDisplayName}}さんの最終勤務日です",
            body: "宛先：{{recipientDisplayName}} 様\n\n\
                   本日は{{userDisplayName}}さんの最終勤務日です。\n\n\
                   最終勤務日：{{userEmployeeLeaveDateTime}}\n\
                   サインイン名：{{userPrincipalName}}\n\n\
                   引き継ぎが完了し、機器、鍵、入館証が返却されていることを、本日中にご確認ください。\n\n\
                   共有のパスワードやメールボックス、外部サービスなど、アカウントに結び付いていない\
                   アクセスについてもご確認をお願いいたします。\n\n\
                   円滑な送り出しにご協力いただき、ありがとうございます。",
        },
        // AfterLastDay
        Text {
            subject: "{{userDisplayName}}さんの最終勤務日が過ぎました",
            body: "宛先：{{recipientDisplayName}} 様\n\n\
                   {{userDisplayName}}さんの最終勤務日が過ぎました。\n\n\
                   最終勤務日：{{userEmployeeLeaveDateTime}}\n\
                   サインイン名：{{userPrincipalName}}\n\n\
                   未返却の機器、担当者が決まっていない業務、{{userDisplayName}}さんしか利用できなかった\
                   資料やメールボックスなど、対応が残っていないかご確認ください。\n\n\
                   また、{{userDisplayName}}さんが管理していたグループやアクセス権を見直し、削除または\
                   引き継ぎが必要なものを IT サポートにお知らせください。",
        },
        // OnboardingReminder
        Text {
            subject: "{{userDisplayName}}さんがまもなく入社します",
            body: "宛先：{{recipientDisplayName}} 様\n\n\
                   {{userDisplayName}}さんがまもなく入社し、チームに加わります。\n\n\
                   入社日：{{userEmployeeHireDate}}\n\
                   サインイン名：{{userPrincipalName}}\n\
                   役職：{{user.jobTitle}}\n\
                   部署：{{user.department}}\n\n\
                   初日までに席、機器、アクセス権の準備を整え、最初の数週間の相談役をお決めください。\n\n\
                   最初の 1 週間の予定を立て、事前にチームに知らせておくと、仕事を始めやすくなります。",
        },
        // Move
        Text {
            subject: "{{userDisplayName}}さんの職務情報が変更されました",
            body: "宛先：{{recipientDisplayName}} 様\n\n\
                   役職、部署、上司など、{{userDisplayName}}さんの職務情報が変更されました。\
                   現在の登録内容は次のとおりです。\n\n\
                   サインイン名：{{userPrincipalName}}\n\
                   役職：{{user.jobTitle}}\n\
                   部署：{{user.department}}\n\
                   上司：{{managerDisplayName}}\n\n\
                   アクセス権と所属グループについて、引き続き必要なもの、不要になったもの、不足している\
                   ものをご確認ください。\n\n\
                   進行中の業務、機器、担当の役割をほかの人に引き継ぐ場合は、関係者との調整をお願い\
                   いたします。\n\n\
                   登録内容に誤りがある場合は、人事部門にお知らせください。",
        },
        // Inactivity
        Text {
            subject: "{{userDisplayName}}さんが長期間サインインしていません",
            body: "宛先：{{recipientDisplayName}} 様\n\n\
                   {{userDisplayName}}さんが長期間サインインしていません。そのため、アカウントが無効になる\
                   可能性があります。\n\n\
                   サインイン名：{{userPrincipalName}}\n\
                   役職：{{user.jobTitle}}\n\
                   部署：{{user.department}}\n\n\
                   アカウントが引き続き必要な場合は、早めにサインインするよう{{userDisplayName}}さんに\
                   お伝えください。長期の不在などでサインインできない場合は、IT サポートにご連絡ください。\n\n\
                   アカウントが不要になった場合も、IT サポートにお知らせください。",
        },
        // SponsorshipForManager
        Text {
            subject: "エージェント ID のスポンサーの引き継ぎについて",
            body: "宛先：{{recipientDisplayName}} 様\n\n\
                   {{userDisplayName}}さんは下記のエージェント ID のスポンサーですが、退職または異動に伴い、\
                   その役割を引き継いでいただくことになりました。\n\n\
                   エージェント ID：{{sponsoredAgents}}\n\
                   これまでのスポンサー：{{userDisplayName}}\n\n\
                   スポンサーは、エージェント ID が何に使われているか、引き続き必要かどうかについて責任を\
                   負います。\n\n\
                   可能なうちに、{{userDisplayName}}さんから用途の説明を受けてください。不要なエージェント \
                   ID があれば、IT サポートにお知らせください。",
        },
        // SponsorshipForCoSponsors
        Text {
            subject: "エージェント ID のスポンサーの変更について",
            body: "宛先：{{recipientDisplayName}} 様\n\n\
                   下記のエージェント ID のスポンサーを一緒に務めている{{userDisplayName}}さんが、退職または\
                   異動に伴い、スポンサーではなくなります。\n\n\
                   エージェント ID：{{sponsoredAgents}}\n\
                   これまでのスポンサー：{{userDisplayName}}\n\n\
                   ご自身は引き続きスポンサーです。そのための手続きは必要ありません。\n\n\
                   これらのエージェント ID の用途を把握できているかをご確認のうえ、可能なうちに\
                   {{userDisplayName}}さんともお話しください。",
        },
        // GuestRemoval
        Text {
            subject: "スポンサーのいないゲスト：{{userDisplayName}}さん",
            body: "宛先：{{recipientDisplayName}} 様\n\n\
                   {{userDisplayName}}さんのゲストアカウントにはスポンサーがいません。スポンサーのいない\
                   ゲストアカウントは削除されるため、このアカウントも削除される予定です。\n\n\
                   ゲスト：{{userDisplayName}}\n\
                   サインイン名：{{userPrincipalName}}\n\n\
                   アクセスが引き続き必要な場合は、その必要性を確認できる人を、削除される前にスポンサーに\
                   指定してください。\n\n\
                   アクセスが不要な場合は、何もする必要はありません。",
        },
    ],
    caution: "ご注意：上記の文章は個別に作成されたもので、内容は確認されていません。送信元に確信が持てない場合は、\
              リンクを開いたり、パスワードを教えたりしないでください。",
    closing: "このメールは、{{organization}}に代わって自動送信されています。",
    day: |date| format!("{}年{}月{}日", date.year(), date.month(), date.day()),
};
